import { missesBeforeNotice, type Notice, type Sitting } from './contract.ts'

type Sat = Pick<Sitting, 'state' | 'seniority' | 'minimumSeniority'>

const missed = ({ state }: Sat) => state !== 'present'
const tooJunior = ({ state, seniority, minimumSeniority }: Sat) => state === 'present' && (seniority ?? 0) < minimumSeniority

/** How many of the newest in a row are so. Sittings come newest first. */
const inARow = (sittings: readonly Sat[], so: (one: Sat) => boolean): number => {
  const first = sittings.findIndex((one) => !so(one))
  return first === -1 ? sittings.length : first
}

/**
 * What an agency's newest sittings of a group call for: two misses in a row, whatever was apologised, or two in a row that were a miss
 * or below the asked seniority; undefined when neither, which ends an open notice.
 */
export function noticeFor(sittings: readonly Sat[]): Pick<Notice, 'reason' | 'meetings'> | undefined {
  const misses = inARow(sittings, missed)
  if (misses >= missesBeforeNotice) return { reason: 'missed', meetings: misses }
  const weak = inARow(sittings, (one) => missed(one) || tooJunior(one))
  return weak >= missesBeforeNotice ? { reason: 'too-junior', meetings: weak } : undefined
}
