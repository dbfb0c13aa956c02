import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'
import { Id, When } from '../contract.ts'

export const meetingKinds = ['meeting', 'exercise', 'incident'] as const
export const attendanceStates = ['present', 'apologies', 'absent'] as const
export const AttendanceState = z.enum(attendanceStates)

/** How many in a row before the agency and the chair are told. */
export const missesBeforeNotice = 2

export const Sitting = z.object({
  meetingId: Id,
  heldAt: When,
  title: z.string(),
  kind: z.enum(meetingKinds),
  state: AttendanceState,
  seniority: z.number().int().nullable(),
  minimumSeniority: z.number().int(),
  deputy: z.boolean(),
})
export type Sitting = z.infer<typeof Sitting>

export const Notice = z.object({
  id: Id,
  groupName: z.string(),
  agencyName: z.string(),
  reason: z.enum(['missed', 'too-junior']),
  meetings: z.number().int(),
  raisedAt: When,
  answer: z.string().nullable(),
  answeredAt: When.nullable(),
  can: z.object({ answer: z.boolean() }),
})
export type Notice = z.infer<typeof Notice>

export const recordMeeting = command('structure.recordMeeting', {
  who: ['secretariat', 'chair'],
  summary: 'Say that a group met, and who sat for each agency at which seniority. Members that are not named were absent.',
  input: z.object({
    groupId: Id,
    kind: z.enum(meetingKinds),
    title: z.string().trim().min(1, 'Give it a title.').max(200),
    heldAt: When,
    minimumSeniority: z.number().int().min(1).max(5),
    attendances: z
      .array(
        z
          .object({
            agencyId: Id,
            state: AttendanceState,
            seniority: z.number().int().min(1).max(5).optional(),
            deputy: z.boolean().default(false),
          })
          .refine(({ state, seniority }) => (state === 'present') === (seniority !== undefined), {
            path: ['seniority'],
            message: 'Say at which seniority, for those who came and for nobody else.',
          }),
      )
      .max(500)
      .refine((all) => new Set(all.map(({ agencyId }) => agencyId)).size === all.length, 'An agency stands here twice.'),
  }),
  output: z.object({ meetingId: Id, notices: z.number().int() }),
})

export const answerNotice = command('structure.answerAttendanceNotice', {
  who: ['executive'],
  summary: 'Answer a notice about your agency’s attendance: why, and what happens next.',
  input: z.object({ noticeId: Id, answer: z.string().trim().min(3, 'Say why, and what happens next.').max(2000) }),
  output: z.object({ answered: z.literal(true) }),
})

export const attendance = query('structure.attendance', {
  who: 'person',
  summary: 'Attendance in the last 24 months: your agency’s own; for a chair and a secretariat, their groups’.',
  input: z.object({}),
  output: z.object({
    groups: z.array(
      z.object({
        groupId: Id,
        name: z.string(),
        keeps: z.boolean(),
        members: z.array(z.object({ agencyId: Id, name: z.string() })),
        agencies: z.array(z.object({ agencyId: Id, agencyName: z.string(), sittings: z.array(Sitting) })),
      }),
    ),
    notices: z.array(Notice),
    since: When,
  }),
})
