import { Checkbox, Choices, TextArea, TextField, TimeField } from '#core/web/fields.tsx'
import { Many } from '#core/web/many.tsx'
import { useWords } from '#core/web/words.ts'

export interface Chosen {
  protocolId: string
  /** Everybody whom the protocol opens to; or those named. */
  all: boolean
  agencyIds: readonly string[]
  ends: boolean
  /** Chosen with the marking. */
  caveats: readonly string[]
}
interface Agency {
  id: string
  name: string
}

/** Who may read it: the protocol's parties, unless the writer says why not and until when; without a protocol, agencies by name on a basis. */
export function Audience({
  chosen,
  onChange,
  parties,
  agencies,
  basis = true,
}: {
  chosen: Chosen
  onChange: (chosen: Chosen) => void
  parties: readonly Agency[] | undefined
  agencies: readonly Agency[]
  /** Is the basis asked for, where there is no protocol? */
  basis?: boolean
}) {
  const t = useWords('sharing')
  const named = parties === undefined || !chosen.all
  return (
    <>
      {parties ? (
        <Choices
          label={t('item.readers')}
          value={chosen.all ? 'all' : 'some'}
          onChange={(id) => onChange({ ...chosen, all: id === 'all' })}
          required
          choices={[
            { id: 'all', words: t('item.allParties'), more: parties.map(({ name }) => name).join(', ') },
            { id: 'some', words: t('item.someParties') },
          ]}
        />
      ) : null}
      {named ? (
        <Many
          label={t('item.who')}
          choices={(parties ?? agencies).map(({ id, name }) => ({ id, words: name }))}
          chosen={chosen.agencyIds}
          onChange={(agencyIds) => onChange({ ...chosen, agencyIds })}
        />
      ) : null}
      {parties && !chosen.all ? (
        <>
          <TextArea name="restrictedBecause" rows={2} label={t('item.whyFewer')} help={t('item.whyFewerHelp')} required />
          <TimeField name="restrictedUntil" label={t('item.fewerUntil')} required />
        </>
      ) : null}
      {parties || !basis ? null : <TextField name="basis" label={t('item.basis')} help={t('item.basisHelp')} required maxLength={2000} />}
      <Checkbox label={t('item.ends')} selected={chosen.ends} onChange={(ends) => onChange({ ...chosen, ends })} />
      {chosen.ends ? <TimeField name="until" label={t('item.until')} help={t('item.untilHelp')} required /> : null}
    </>
  )
}

/** What was chosen and written, as a command takes it. */
export const audienceOf = (chosen: Chosen, values: Record<string, string>) => ({
  ...(chosen.protocolId === '' ? { agencyIds: [...chosen.agencyIds], basis: values.basis ?? '' } : { protocolId: chosen.protocolId }),
  ...(chosen.protocolId !== '' && !chosen.all
    ? {
        agencyIds: [...chosen.agencyIds],
        restrictedBecause: values.restrictedBecause ?? '',
        ...(values.restrictedUntil ? { restrictedUntil: values.restrictedUntil } : {}),
      }
    : {}),
  ...(chosen.ends && values.until ? { until: values.until } : {}),
  ...(chosen.caveats.length > 0 ? { caveats: [...chosen.caveats] } : {}),
})
