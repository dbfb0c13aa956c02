import type { PackSection } from '#core/operation/implement.ts'

/** What the watch puts into a disclosure pack. Its rows come by their thread, the activation, which the incident names. */
export const packSections: readonly PackSection[] = [
  {
    name: 'call-out',
    title: { en: 'Activation and call-out', fr: 'Activation et appel' },
    tables: [
      {
        table: 'watch.activations',
        at: 'at',
        words: ['purpose', 'level_code', 'incident_type', 'criteria_matched', 'reason', 'stand_down_reason'],
      },
      { table: 'watch.call_outs', at: 'started_at', words: ['post_id', 'state', 'accepted_at'] },
      { table: 'watch.asks', at: 'due_at', words: ['kind', 'capacity', 'channel', 'state', 'reason', 'detail'] },
      { table: 'watch.answers', at: 'at', words: ['answer', 'way', 'reason'] },
    ],
  },
]
