import { one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Notice, Sitting } from './contract.ts'

export const groups = (tx: Tx) =>
  rows<{
    groupId: string
    name: string
    keeps: boolean
    chairPostId: string | null
    deputyChairPostId: string | null
    secretariatPostId: string | null
  }>(
    tx,
    sql`select id as group_id, name, structure.keeps_group(id) as keeps, chair_post_id, deputy_chair_post_id, secretariat_post_id from structure.groups order by name, id`,
  )

export const members = (tx: Tx) =>
  rows<{ groupId: string; agencyId: string; name: string }>(
    tx,
    sql`select m.group_id, m.agency_id, a.name from structure.memberships m join structure.agencies a on a.id = m.agency_id
        where m.ended_at is null and m.kind in ('core', 'standing') order by a.name, a.id`,
  )

export interface SittingRow extends Sitting {
  groupId: string
  agencyId: string
  agencyName: string
}
/** Newest first. */
export const sittings = (tx: Tx, since: Date, groupId?: string) =>
  rows<SittingRow>(
    tx,
    sql`select m.group_id, s.agency_id, a.name as agency_name, m.id as meeting_id, m.held_at, m.title, m.kind, s.state, s.seniority, m.minimum_seniority, s.deputy
        from structure.attendances s join structure.meetings m on m.id = s.meeting_id join structure.agencies a on a.id = s.agency_id
        where m.held_at >= ${since} and (${groupId ?? null}::uuid is null or m.group_id = ${groupId ?? null}::uuid) order by m.held_at desc, a.name`,
  )

export const putMeeting = (
  tx: Tx,
  it: {
    id: string
    groupId: string
    kind: string
    title: string
    heldAt: string
    minimumSeniority: number
    personId: string
    label: number
  },
) =>
  run(
    tx,
    sql`insert into structure.meetings (id, group_id, kind, title, held_at, minimum_seniority, recorded_by, label)
        values (${it.id}, ${it.groupId}, ${it.kind}, ${it.title}, ${it.heldAt}, ${it.minimumSeniority}, ${it.personId}, ${it.label})`,
  )

export const putAttendances = (
  tx: Tx,
  all: ReadonlyArray<{
    id: string
    meetingId: string
    agencyId: string
    state: string
    seniority: number | null
    deputy: boolean
    label: number
  }>,
) =>
  run(
    tx,
    sql`insert into structure.attendances (id, meeting_id, agency_id, state, seniority, deputy, label)
        select id, "meetingId", "agencyId", state, seniority, deputy, label from jsonb_to_recordset(${JSON.stringify(all)}::jsonb)
          as new (id uuid, "meetingId" uuid, "agencyId" uuid, state text, seniority int, deputy boolean, label int)`,
  )

export type NoticeRow = Omit<Notice, 'can'> & { groupId: string; agencyId: string }
export const notices = (tx: Tx) =>
  rows<NoticeRow>(
    tx,
    sql`select n.id, n.group_id, g.name as group_name, n.agency_id, a.name as agency_name, n.reason, n.meetings, n.raised_at, n.answer, n.answered_at
        from structure.attendance_notices n join structure.groups g on g.id = n.group_id join structure.agencies a on a.id = n.agency_id
        where n.ended_at is null order by n.raised_at, n.id`,
  )

export const raise = (
  tx: Tx,
  it: { id: string; groupId: string; agencyId: string; reason: string; meetings: number; at: Date; label: number },
) =>
  run(
    tx,
    sql`insert into structure.attendance_notices (id, group_id, agency_id, reason, meetings, raised_at, label)
        values (${it.id}, ${it.groupId}, ${it.agencyId}, ${it.reason}, ${it.meetings}, ${it.at}, ${it.label})`,
  )
export const goesOn = (tx: Tx, id: string, reason: string, meetings: number) =>
  run(tx, sql`update structure.attendance_notices set reason = ${reason}, meetings = ${meetings} where id = ${id}`)
export const endNotice = (tx: Tx, id: string, at: Date) =>
  run(tx, sql`update structure.attendance_notices set ended_at = ${at} where id = ${id}`)

/** Errors: not found; conflict (answered already). */
export const answer = (tx: Tx, id: string, personId: string, at: Date, words: string) =>
  one<{ id: string }>(
    tx,
    sql`update structure.attendance_notices set answer = ${words}, answered_by = ${personId}, answered_at = ${at} where id = ${id} and ended_at is null returning id`,
  )
