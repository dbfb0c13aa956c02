import { Select, TextArea, TextField } from '#core/web/fields.tsx'
import { Section } from '#core/web/page.tsx'
import { Many } from '#core/web/many.tsx'
import { useWords } from '#core/web/words.ts'
import { informationKinds, type InformationKind } from '../../contract.ts'
import type { Releasable } from '../../items/contract.ts'

export interface ReleasableChosen {
  protocolId: string
  agencyIds: readonly string[]
  marking: string
}
interface Choices {
  protocols: ReadonlyArray<{ id: string; title: string; kinds: readonly InformationKind[] }>
  agencies: ReadonlyArray<{ id: string; name: string }>
}
const none = 'none'
const loosest = ['TLP:CLEAR', 'TLP:GREEN', 'TLP:AMBER']

export const startsReleasable = (protocols: Choices['protocols']): ReleasableChosen => ({
  protocolId: protocols[0]?.id ?? '',
  agencyIds: [],
  marking: 'TLP:GREEN',
})

export const releasableOf = (chosen: ReleasableChosen, values: Record<string, string>): Releasable => ({
  title: values['releasable.title'] ?? '',
  text: values['releasable.text'] ?? '',
  kind: (values['releasable.kind'] ?? 'situation') as InformationKind,
  marking: chosen.marking,
  ...(chosen.protocolId === ''
    ? { agencyIds: [...chosen.agencyIds], basis: values['releasable.basis'] ?? '' }
    : { protocolId: chosen.protocolId }),
})

/** The releasable version, beside the sensitive one: it travels alone, so nothing of the other may stand in it. */
export function ReleasableFields({
  choices,
  chosen,
  onChange,
}: {
  choices: Choices
  chosen: ReleasableChosen
  onChange: (chosen: ReleasableChosen) => void
}) {
  const t = useWords('sharing')
  const kinds = choices.protocols.find(({ id }) => id === chosen.protocolId)?.kinds ?? informationKinds
  return (
    <Section title={t('tear.title')}>
      <p className="prose soft">{t('tear.alone')}</p>
      <Select
        name="releasable.protocolId"
        label={t('tear.under')}
        required
        defaultValue={chosen.protocolId === '' ? none : chosen.protocolId}
        onChange={(id) => onChange({ ...chosen, protocolId: id === none ? '' : id, agencyIds: [] })}
        choices={[...choices.protocols.map(({ id, title }) => ({ id, words: title })), { id: none, words: t('item.noProtocolBut') }]}
      />
      {chosen.protocolId === '' ? (
        <>
          <Many
            label={t('tear.who')}
            choices={choices.agencies.map(({ id, name }) => ({ id, words: name }))}
            chosen={chosen.agencyIds}
            onChange={(agencyIds) => onChange({ ...chosen, agencyIds })}
          />
          <TextField name="releasable.basis" label={t('tear.basis')} required maxLength={2000} />
        </>
      ) : null}
      <Select
        name="releasable.marking"
        label={t('tear.marking')}
        required
        defaultValue={chosen.marking}
        onChange={(marking) => onChange({ ...chosen, marking })}
        choices={loosest.map((id) => ({ id, words: id }))}
      />
      <Select
        key={chosen.protocolId}
        name="releasable.kind"
        label={t('tear.kind')}
        required
        defaultValue={kinds[0] ?? ''}
        choices={kinds.map((id) => ({ id, words: t(`kind.${id}`) }))}
      />
      <TextField name="releasable.title" label={t('tear.about')} required maxLength={200} />
      <TextArea name="releasable.text" rows={6} label={t('tear.what')} required maxLength={20_000} />
    </Section>
  )
}
