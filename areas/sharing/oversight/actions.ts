import { agencies } from '#areas/structure/facade.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { oversight } from './contract.ts'
import { byUrgency, stateOf } from './rules.ts'
import * as store from './store.ts'

export const actions: readonly Implementation[] = [
  implement(oversight, async ({ tx, clock }) => {
    const names = new Map((await agencies(tx)).map(({ id, name }) => [id, name]))
    const name = (agencyId: string) => names.get(agencyId) ?? agencyId
    const now = clock.now()
    return {
      lines: byUrgency(
        (await store.all(tx)).map((row) => ({
          id: row.id,
          kind: row.kind,
          about: { table: row.aboutTable, id: row.aboutRow },
          by: row.by,
          byAgency: row.byAgencyId === null ? '' : name(row.byAgencyId),
          agencies: row.agencyIds.map(name).sort(),
          at: row.at,
          state: stateOf(row, now),
          times: row.times,
          reviewDueAt: row.reviewDueAt,
          reviewed: row.reviewedAt === null ? null : { by: row.reviewer, at: row.reviewedAt },
        })),
      ),
      basis: `What the database noted by itself in this world up to ${now.toISOString().slice(0, 16)}Z. What was passed on outside Concord is not on it.`,
    }
  }),
]
