import { type Reaction, react } from '#core/operation/implement.ts'
import { putNotices } from './notices/store.ts'

/** What structure asks of agencies waits for their executives, who are told so: that something waits, never what. */
export const reactions: readonly Reaction[] = [
  react<{ reviewId: string; round: number; agencyIds: readonly string[] }>('structure.reviewOffered', (offered, { tx, clock }) =>
    putNotices(
      tx,
      offered.agencyIds.map((agencyId) => ({
        key: `structure.review:${offered.reviewId}.${offered.round}/${agencyId}`,
        about: { table: 'structure.reviews', id: offered.reviewId },
        to: { agencyId, kinds: ['executive'] as const },
        due: clock.now(),
      })),
    ),
  ),
  react<{ noticeId: string; agencyId: string }>('structure.attendanceNotice', ({ noticeId, agencyId }, { tx, clock }) =>
    putNotices(tx, [
      {
        key: `structure.attendance:${noticeId}`,
        about: { table: 'structure.attendance_notices', id: noticeId },
        to: { agencyId, kinds: ['executive'] },
        due: clock.now(),
      },
    ]),
  ),
]
