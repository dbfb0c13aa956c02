import { agencies } from '#areas/structure/facade.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { restrictions } from './contract.ts'
import { aboveUsual, byNeed, endOf, waysOf } from './rules.ts'
import * as store from './store.ts'

const answering = ['executive', 'data-protection', 'legal-adviser', 'secretariat'] as const

export const actions: readonly Implementation[] = [
  implement(restrictions, async ({ tx, actor, clock }) => {
    const now = clock.now()
    const own = actor.agencyId !== null && (await store.answers(tx, actor.agencyId, answering)) ? actor.agencyId : null
    const standing = own === null ? [] : await store.standing(tx, own)
    const usual = own === null ? new Map<string, string>() : await store.usual(tx, now)
    const names = new Map((await agencies(tx)).map(({ id, name }) => [id, name]))
    return {
      restrictions: byNeed(
        standing.flatMap((row) => {
          const ways = waysOf(row)
          const above = aboveUsual(row.marking, usual.get(row.kind ?? ''))
          if (ways.length === 0 && above === null) return []
          const until = endOf(row)
          return [
            {
              id: row.id,
              source: row.source,
              kind: row.kind,
              title: row.title,
              ways,
              because: row.because,
              since: row.since,
              until,
              pastEnd: until !== null && new Date(until) <= now,
              aboveUsual: above,
              label: row.label,
              marking: row.marking,
            },
          ]
        }),
      ),
      of: own === null ? null : standing.length,
      agencies: (await store.shares(tx, now))
        .map(({ agencyId, ...figures }) => ({ name: names.get(agencyId) ?? '', ...figures }))
        .sort((a, b) => a.name.localeCompare(b.name)),
      basis: `What stands in this world at ${now.toISOString().slice(0, 16)}Z, as far as you can read it. Shares are of items of the last year up to midnight, in steps of five. What was kept back by not sharing it at all is not on it.`,
    }
  }),
]
