import { useEffect, useState } from 'react'
import { LabelBadge } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Checkbox, TextArea } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Link } from '#core/web/navigation.tsx'
import { Section } from '#core/web/page.tsx'
import { NotYet } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'
import { type Derived, derivedVersions, recallItem } from '../contract.ts'

const watches = ['sharing.items', 'sharing.releases']

/** Taking it back, and with it what was made of it: at once, with the reasons that everybody who had one is told. */
export function Recall({ itemId, title }: { itemId: string; title: string }) {
  const t = useWords('sharing')
  return (
    <DialogButton words={t('recall.recall')} title={t('recall.of', { title })}>
      {(close) => <Asked itemId={itemId} close={close} />}
    </DialogButton>
  )
}

function Asked({ itemId, close }: { itemId: string; close: () => void }) {
  const { data, error, refetch, isFetchedAfterMount } = useQueryOf(derivedVersions, { itemId }, { watches, copy: 'never' })
  useEffect(() => void refetch(), [refetch])
  // What goes with it is known before it is asked: a list that comes late would be recalled unseen, and one of a minute ago left standing.
  return data && isFetchedAfterMount ? (
    <Fields key={data.derived.map(({ id }) => id).join(' ')} itemId={itemId} derived={data.derived} close={close} />
  ) : (
    <NotYet problem={error} onRetry={() => void refetch()} />
  )
}

function Fields({ itemId, derived, close }: { itemId: string; derived: readonly Derived[]; close: () => void }) {
  const t = useWords('sharing')
  const recall = useCommandOf(recallItem, { changes: ['sharing.items', 'sharing.disclosures', 'sharing.challenges', 'sharing.releases'] })
  const [left, leave] = useState<readonly string[]>([])
  const also = derived.map(({ id }) => id).filter((id) => !left.includes(id))
  const send = async ({ because = '', derivedBecause }: Record<string, string>) => {
    const more = derivedBecause === undefined ? {} : { derivedBecause }
    if ((await recall.run({ itemId, because, derived: also, ...more })).state === 'done') close()
  }
  return (
    <Form label={t('recall.recall')} problem={recall.problem} onSubmit={(values) => void send(values)}>
      <p className="prose">{t('recall.more')}</p>
      <TextArea name="because" rows={2} label={t('recall.because')} required maxLength={2000} />
      {derived.length > 0 ? (
        <div className="stack" role="group" aria-label={t('recall.derived')}>
          <h3>{t('recall.derived')}</h3>
          <p className="prose soft">{t('recall.derivedMore')}</p>
          {derived.map((one) => (
            <div key={one.id} className="row">
              <Checkbox
                label={t(`recall.way.${one.way}`, { title: one.title, originator: one.originator, who: one.audience.join(', ') })}
                selected={!left.includes(one.id)}
                onChange={(on) => leave(on ? left.filter((id) => id !== one.id) : [...left, one.id])}
              />
              <LabelBadge label={one.label} marking={one.marking} />
            </div>
          ))}
          {also.length > 0 ? (
            <TextArea
              name="derivedBecause"
              rows={2}
              label={t('recall.derivedBecause')}
              help={t('recall.derivedBecauseHelp')}
              defaultValue={t('recall.derivedWords')}
              required
              maxLength={2000}
            />
          ) : null}
        </div>
      ) : null}
      <FormButtons>
        <Button type="submit" kind="primary" busy={recall.state === 'sending'}>
          {t('recall.now')}
        </Button>
      </FormButtons>
    </Form>
  )
}

/** For its originator, once it was recalled: what was made of it and still stands. */
export function StillStands({ itemId }: { itemId: string }) {
  const t = useWords('sharing')
  const { data } = useQueryOf(derivedVersions, { itemId }, { watches, copy: 'never' })
  if (!data || data.derived.length === 0) return null
  return (
    <Section title={t('recall.stands')}>
      <p className="prose soft">{t('recall.standsMore')}</p>
      <ul className="plain-list">
        {data.derived.map((one) => (
          <li key={one.id}>
            <Link to={`/sharing/items/${one.id}`}>{one.title}</Link> · {one.originator} · {one.audience.join(', ')}
          </li>
        ))}
      </ul>
    </Section>
  )
}
