/** The tables whose news make what is shown of a decision old. */
export const watchedTables: readonly string[] = [
  'response.decisions',
  'response.decision_rationales',
  'response.decision_dissents',
  'response.decision_reviews',
  'response.decision_outcomes',
  'response.outcome_acknowledgements',
  'response.confirmations',
]
