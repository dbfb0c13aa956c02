import { useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { Checkbox, Select, TextArea, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { MarkingField } from '#core/web/marking-field.tsx'
import { Link, useAddress, useGo } from '#core/web/navigation.tsx'
import { Beside, PageHead, Section } from '#core/web/page.tsx'
import { NotYet } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'
import { informationKinds, type InformationKind } from '../../contract.ts'
import { ReleasableFields, type ReleasableChosen, releasableOf, startsReleasable } from '../../tear-lines/parts/fields.tsx'
import { InIncident } from '../../requests/parts/incident.tsx'
import { itemChoices, shareItem } from '../contract.ts'
import { Audience, audienceOf, type Chosen } from '../parts/audience.tsx'
import { GradingFields } from '../parts/grading.tsx'
import { Preview } from '../parts/preview.tsx'

type Choices = NonNullable<ReturnType<typeof useChoices>['data']>
const useChoices = () => useQueryOf(itemChoices, {})

/** Sharing: the protocol first, then who reads, then the words; beside them the releasable version where one is wanted. */
export function Page() {
  const { data, error, refetch } = useChoices()
  return data ? <Write choices={data} /> : <NotYet problem={error} onRetry={() => void refetch()} />
}

const none = 'none'

function Write({ choices }: { choices: Choices }) {
  const t = useWords('sharing')
  const go = useGo()
  const share = useCommandOf(shareItem, { changes: ['sharing.items'] })
  const [first] = choices.protocols
  const [chosen, choose] = useState<Chosen>({ protocolId: first?.id ?? '', all: true, agencyIds: [], ends: false, caveats: [] })
  const [marking, mark] = useState(first?.marking ?? 'TLP:AMBER')
  const { incident } = useAddress<{ incident: string }>()
  const [grading, grade] = useState('')
  const [released, release] = useState<ReleasableChosen | null>(null)
  const protocol = choices.protocols.find(({ id }) => id === chosen.protocolId)
  const kinds = protocol?.kinds ?? informationKinds
  const send = async (values: Record<string, string>) => {
    const outcome = await share.run({
      kind: (values.kind ?? kinds[0]) as InformationKind,
      title: values.title ?? '',
      text: values.text ?? '',
      marking,
      ...audienceOf(chosen, values),
      ...(incident === undefined ? {} : { incidentId: incident }),
      ...(grading === '' ? {} : { grading }),
      ...(released ? { releasable: releasableOf(released, values) } : {}),
    })
    if (outcome.state === 'done') go(`/sharing/items/${outcome.output.id}`)
  }
  const words = (
    <Section title={t('item.theWords')}>
      <Select
        key={chosen.protocolId}
        name="kind"
        label={t('item.kind')}
        required
        defaultValue={kinds[0] ?? ''}
        choices={kinds.map((id) => ({ id, words: t(`kind.${id}`) }))}
      />
      <TextField name="title" label={t('item.about')} help={t('item.aboutHelp')} required maxLength={200} />
      <GradingFields onChange={grade} />
      <TextArea name="text" rows={8} label={t('item.what')} required maxLength={20_000} />
    </Section>
  )
  return (
    <div className="page">
      <PageHead
        title={t('item.share')}
        lead={
          <>
            {t('item.shareLead')} {incident === undefined ? null : <InIncident id={incident} />}
          </>
        }
        actions={<Link to="/sharing/items">{t('item.title')}</Link>}
      />
      <Form label={t('item.share')} problem={share.problem} onSubmit={(values) => void send(values)}>
        {share.problem?.field === 'marking' ? (
          <p>
            <Link to="/sharing/pointers">{t('pointer.title')}</Link>
          </p>
        ) : null}
        <Section title={t('item.under')}>
          <Select
            name="protocolId"
            label={t('protocol.name')}
            help={protocol?.handling ? protocol.handling : t('item.protocolHelp')}
            required
            defaultValue={chosen.protocolId === '' ? none : chosen.protocolId}
            onChange={(id) => {
              const next = choices.protocols.find((one) => one.id === id)
              choose({ ...chosen, protocolId: next?.id ?? '', all: true, agencyIds: [] })
              mark(next?.marking ?? marking)
            }}
            choices={[...choices.protocols.map(({ id, title }) => ({ id, words: title })), { id: none, words: t('item.noProtocolBut') }]}
          />
          <Audience chosen={chosen} onChange={choose} parties={protocol?.parties} agencies={choices.agencies} />
        </Section>
        <MarkingField
          key={chosen.protocolId}
          marking={marking}
          caveats={chosen.caveats}
          asksWhy={false}
          onChange={(label) => {
            mark(label.marking)
            choose((before) => ({ ...before, caveats: label.caveats }))
          }}
        />
        <Preview chosen={chosen} marking={marking} />
        <Checkbox
          label={t('tear.beside')}
          selected={released !== null}
          onChange={(on) => release(on ? startsReleasable(choices.protocols) : null)}
        />
        {released ? (
          <Beside>
            {words}
            <ReleasableFields choices={choices} chosen={released} onChange={release} />
          </Beside>
        ) : (
          words
        )}
        <FormButtons>
          <Button type="submit" kind="primary" big busy={share.state === 'sending'}>
            {t('item.shareNow')}
          </Button>
        </FormButtons>
        <p className="prose soft">{t('item.sentIsNot')}</p>
      </Form>
    </div>
  )
}
