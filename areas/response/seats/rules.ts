import type { SeatState } from './contract.ts'

/** Takes part now, in the room or from afar. */
export const isHere = (state: SeatState): boolean => state === 'present' || state === 'virtual'

/** Counted on, and not here yet. */
export const isAwaited = (state: SeatState): boolean => state === 'expected' || state === 'en-route'

export interface GroupMembers {
  groupId: string
  code: string
  name: string
  quorum: number | null
  coreAgencies: readonly string[]
}

/** How many core members of a group are here. Without authority counts as here: quorum informs, it decides nothing. */
export function quorumOf(group: GroupMembers, seats: readonly { agencyId: string; state: SeatState }[]) {
  const here = new Set(seats.filter(({ state }) => isHere(state)).map(({ agencyId }) => agencyId))
  const present = group.coreAgencies.filter((agency) => here.has(agency)).length
  const { groupId, code, name, quorum } = group
  return {
    groupId,
    code,
    name,
    quorum,
    present,
    core: group.coreAgencies.length,
    reached: present >= (quorum ?? Math.floor(group.coreAgencies.length / 2) + 1),
  }
}

const minutes = (count: number) => count * 60_000

/**
 * expected or en route, and neither its seat has moved nor anybody spoken of it for so long. Returns since when; null: not silent.
 */
export function silentSince(
  seat: { state: SeatState; since: string; lastNamedAt: string | null },
  silentMinutes: number,
  now: Date,
): Date | null {
  if (!isAwaited(seat.state)) return null
  const heard = Math.max(Date.parse(seat.since), seat.lastNamedAt === null ? 0 : Date.parse(seat.lastNamedAt))
  return now.getTime() - heard >= minutes(silentMinutes) ? new Date(heard) : null
}

/** a core member that is still not here so long after it was first expected; an absence with its reason counts too. */
export function absentSince(
  seat: { core: boolean; state: SeatState; expectedFrom: string },
  absentMinutes: number,
  now: Date,
): Date | null {
  if (!seat.core || isHere(seat.state)) return null
  const from = Date.parse(seat.expectedFrom)
  return now.getTime() - from >= minutes(absentMinutes) ? new Date(from) : null
}
