import { useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { TextArea } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { MarkingField } from '#core/web/marking-field.tsx'
import { useWords } from '#core/web/words.ts'
import { itemChoices, type ItemDetail } from '../../items/contract.ts'
import { Audience, audienceOf, type Chosen } from '../../items/parts/audience.tsx'
import { remarkItem } from '../contract.ts'

/** Marking it otherwise: higher or lower, for more or fewer; answers a challenge where one is given. */
export function Remark({ detail, challengeId, words }: { detail: ItemDetail; challengeId?: string; words?: string }) {
  const t = useWords('sharing')
  return (
    <DialogButton words={words ?? t('remark.remark')} title={t('remark.of', { title: detail.title })}>
      {(close) => <Fields detail={detail} close={close} {...(challengeId === undefined ? {} : { challengeId })} />}
    </DialogButton>
  )
}

function Fields({ detail, challengeId, close }: { detail: ItemDetail; challengeId?: string; close: () => void }) {
  const t = useWords('sharing')
  const { data: choices } = useQueryOf(itemChoices, {})
  const remark = useCommandOf(remarkItem, { changes: ['sharing.items', 'sharing.disclosures', 'sharing.challenges', 'sharing.releases'] })
  const [marking, mark] = useState(detail.marking)
  const [chosen, choose] = useState<Chosen>({
    protocolId: detail.protocolId ?? '',
    all: detail.named === null,
    agencyIds: detail.named ?? [],
    ends: detail.until !== null,
    caveats: detail.caveats,
  })
  const parties = detail.protocolId ? choices?.protocols.find(({ id }) => id === detail.protocolId)?.parties : undefined
  const send = async ({ because = '', ...values }: Record<string, string>) => {
    const { protocolId: _, basis: __, ...audience } = { protocolId: '', basis: '', ...audienceOf(chosen, values) }
    const outcome = await remark.run({ itemId: detail.id, marking, because, ...audience, ...(challengeId ? { challengeId } : {}) })
    if (outcome.state === 'done') close()
  }
  return (
    <Form label={t('remark.remark')} problem={remark.problem} onSubmit={(values) => void send(values)}>
      <p className="prose">{t('remark.more')}</p>
      <p className="prose">{t('remark.follows')}</p>
      <MarkingField
        marking={detail.marking}
        caveats={detail.caveats}
        asksWhy={false}
        onChange={(label) => {
          mark(label.marking)
          choose((before) => ({ ...before, caveats: label.caveats }))
        }}
      />
      {choices && (parties || detail.protocolId === null) ? (
        <Audience chosen={chosen} onChange={choose} parties={parties} agencies={choices.agencies} basis={false} />
      ) : null}
      <TextArea name="because" rows={2} label={t('remark.because')} required maxLength={2000} />
      <FormButtons>
        <Button type="submit" kind="primary" busy={remark.state === 'sending'}>
          {t('remark.now')}
        </Button>
      </FormButtons>
    </Form>
  )
}
