import { agencies } from '#areas/structure/facade.ts'
import { type Implementation, implement, type PackSection } from '#core/operation/implement.ts'
import { packReceivers } from './contract.ts'
import { belongings } from './store.ts'

const belongs: NonNullable<PackSection['belongs']> = async (tx, { threads }) => {
  const found = await belongings(tx, threads)
  return {
    threads: found.flatMap(({ thread }) => thread ?? []),
    rows: found.flatMap(({ tableName, rowId }) => (tableName === null || rowId === null ? [] : [{ table: tableName, id: rowId }])),
  }
}

export const actions: readonly Implementation[] = [
  implement(packReceivers, async ({ tx }) => ({ agencies: (await agencies(tx)).map(({ id, name }) => ({ id, name })) })),
]

/** What response puts into a disclosure pack: chapters in the order in which an inquiry reads them. */
export const packSections: readonly PackSection[] = [
  {
    name: 'timeline',
    title: { en: 'Incident and timeline', fr: 'Incident et chronologie' },
    tables: [
      { table: 'response.incidents', at: 'opened_at', words: ['name', 'incident_type', 'status', 'phase', 'status_reason'] },
      { table: 'response.log_entries', at: 'occurred_at', words: ['text', 'code', 'params', 'late_reason', 'corrects'] },
    ],
    members: (thread) => [`incident:${thread}`],
    belongs,
  },
  {
    name: 'decisions',
    title: { en: 'Decisions and tasks', fr: 'Décisions et tâches' },
    tables: [
      {
        table: 'response.decisions',
        at: 'decided_at',
        words: ['question', 'rationale', 'late_reason', 'correction_reason', 'corrects_id', 'reverses_id'],
      },
      {
        table: 'response.decision_options',
        words: ['words', 'suitability', 'feasibility', 'acceptability', 'suitable', 'feasible', 'acceptable'],
      },
      { table: 'response.decision_grounds', at: 'as_of', words: ['kind', 'words', 'source', 'flag'] },
      { table: 'response.decision_rationales', at: 'given_at', words: ['words'] },
      { table: 'response.decision_dissents', at: 'said_at', words: ['words'] },
      { table: 'response.decision_reviews', at: 'reviewed_at', words: ['words', 'next_review_at'] },
      { table: 'response.decision_outcomes', at: 'told_at', words: ['words', 'acknowledge_by'] },
      { table: 'response.outcome_acknowledgements', at: 'at', words: ['outcome_id', 'agency_id'] },
      { table: 'response.confirmations', at: 'confirmed_at', words: ['subject', 'subject_id'] },
      { table: 'response.tasks', at: 'given_at', words: ['words', 'priority', 'due_at', 'accepted_at', 'done_at', 'evidence'] },
    ],
  },
  {
    name: 'centre',
    title: {
      en: 'Co-ordination centre: seats, lead, neutral commander, prompts',
      fr: 'Centre : sièges, chef de file, commandant neutre, rappels',
    },
    tables: [
      { table: 'response.part_changes', at: 'at', words: ['person_id', 'change', 'sees', 'reason'] },
      { table: 'response.convened_groups', at: 'convened_at', words: ['group_id'] },
      { table: 'response.seats', at: 'since', words: ['agency_id', 'state', 'with_authority', 'reason'] },
      { table: 'response.missing_agencies', at: 'since', words: ['agency_id', 'kind', 'ended_at'] },
      {
        table: 'response.lead_agencies',
        at: 'proposed_at',
        words: ['agency_id', 'phase', 'state', 'basis', 'note', 'position_not_adopted'],
      },
      { table: 'response.neutral_commanders', at: 'from_at', words: ['interests', 'until_at', 'end_reason'] },
      { table: 'response.prompts', at: 'raised_at', words: ['cause', 'parameters', 'snooze_reason', 'done'] },
      { table: 'response.prompt_passes', at: 'at', words: ['prompt_id'] },
    ],
  },
]
