import { useBand } from '#core/web/band.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { useOpened } from '#core/web/opened.ts'
import { useWords } from '#core/web/words.ts'
import { centre, type Centre } from '../contract.ts'
import { notHere, overdue } from '../rules.ts'

/** Tables that a centre is made of: news of any of them reads it again. */
const made = [
  'response.incidents',
  'response.seats',
  'response.lead_agencies',
  'response.neutral_commanders',
  'response.convened_groups',
  'response.missing_agencies',
  'response.log_entries',
]

type Words = ReturnType<typeof useWords>

/** Few names in full, and how many more there are: the band has one line. */
export function namesOf(t: Words, names: readonly string[], most: number): string {
  const shown = names.slice(0, most).join(', ')
  return names.length > most ? t('centre.andMore', { names: shown, count: names.length - most }) : shown
}

export const leadWords = (t: Words, { lead }: Pick<Centre, 'lead'>): string =>
  lead.state === 'confirmed'
    ? (lead.agencyName ?? '')
    : lead.state === 'proposed'
      ? `${lead.agencyName ?? ''} (${t('lead.proposed')})`
      : t(`lead.${lead.state}`)

/** The centre of an incident, kept fresh; and its must-not-miss facts in the band for as long as the page is in sight. */
export function useCentre(incidentId: string) {
  const t = useWords('response')
  const asked = useQueryOf(centre, { incidentId }, { watches: made })
  const { data } = asked
  useOpened('response.incidents', data?.incident.id)
  const away = data ? notHere(data.seats) : []
  const late = data ? overdue(data) : []
  useBand(
    data
      ? {
          title: data.incident.name,
          phase: t(`phase.${data.incident.phase}`),
          facts: [
            {
              id: 'lead',
              name: t('centre.lead'),
              value: leadWords(t, data),
              alarm: data.lead.state === 'unresolved' || data.lead.state === 'contested',
            },
            { id: 'declared', name: t('centre.declared'), value: t(`status.${data.incident.status}`) },
            { id: 'away', name: t('centre.notHere'), value: away.length > 0 ? namesOf(t, away, 4) : t('centre.everybodyHere') },
            {
              id: 'overdue',
              name: t('centre.overdue'),
              value:
                late.length > 0
                  ? namesOf(
                      t,
                      late.map(({ code, params }) => t(`overdue.${code}`, params)),
                      3,
                    )
                  : t('centre.nothingOverdue'),
              alarm: late.length > 0,
            },
          ],
        }
      : null,
  )
  return asked
}
