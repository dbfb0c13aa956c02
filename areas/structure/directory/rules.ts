import type { Membership } from '../contract.ts'
import type { Quorum } from './contract.ts'

/**
 * Which core members are present, of how many: `core members present 5 of 8`. An agency counts once. It informs and never blocks:
 * what happens below the quorum happens, and says so.
 */
export function quorumOf(
  members: ReadonlyArray<Pick<Membership, 'agencyId' | 'kind'>>,
  quorum: number | null,
  present: Iterable<string>,
): Quorum {
  const core = new Set(members.filter(({ kind }) => kind === 'core').map(({ agencyId }) => agencyId))
  const here = core.intersection(new Set(present)).size
  return {
    present: here,
    core: core.size,
    quorum,
    reached: quorum === null ? null : here >= quorum,
    words: `core members present ${here} of ${core.size}${quorum === null ? '' : here >= quorum ? ` (quorum ${quorum})` : ` (below the quorum of ${quorum})`}`,
  }
}
