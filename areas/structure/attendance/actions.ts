import { internLabel } from '#core/access/reach.ts'
import { realClock } from '#core/clock.ts'
import { invalid, notAllowed } from '#core/errors.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import * as words from './contract.ts'
import { noticeFor } from './rules.ts'
import * as store from './store.ts'

const monthsKept = 24
const day = 86_400_000
/** From the beginning of a day: the answer says the same all day long. */
const since = (now: Date) => new Date(Math.floor((now.getTime() - monthsKept * 30.4375 * day) / day) * day)

export const actions: readonly Implementation[] = [
  implement(words.recordMeeting, async ({ input, tx, actor, id, emit }) => {
    const group = (await store.groups(tx)).find(({ groupId }) => groupId === input.groupId)
    if (!group?.keeps) throw notAllowed('The chair and the secretariat of a group record its meetings. Nothing was kept.')
    const now = realClock.now()
    if (new Date(input.heldAt) > now) throw invalid('heldAt', 'This moment is still to come. Nothing was kept. Say when it was held.')
    const members = (await store.members(tx)).filter(({ groupId }) => groupId === input.groupId)
    if (input.attendances.some(({ agencyId }) => !members.some((member) => member.agencyId === agencyId)))
      throw invalid('attendances', 'One of these agencies is no member of this group. Nothing was kept. Choose from its members.')
    const whole = await internLabel(tx, {
      clauses: [[`group:${input.groupId}`, ...keepers(group), ...members.map(({ agencyId }) => `agency:${agencyId}`)]],
      marking: 'TLP:AMBER',
    })
    const labelFor = (agencyId: string) =>
      internLabel(tx, { clauses: [[`agency:${agencyId}`, ...keepers(group)]], marking: 'TLP:AMBER+STRICT' })
    const meetingId = id()
    await store.putMeeting(tx, { ...input, id: meetingId, personId: actor.personId, label: whole })
    const attendances = []
    for (const { agencyId } of members) {
      const said = input.attendances.find((one) => one.agencyId === agencyId)
      attendances.push({
        id: id(),
        meetingId,
        agencyId,
        state: said?.state ?? 'absent',
        seniority: said?.seniority ?? null,
        deputy: said?.deputy ?? false,
        label: await labelFor(agencyId),
      })
    }
    await store.putAttendances(tx, attendances)
    const [sittings, open] = [await store.sittings(tx, since(now), input.groupId), await store.notices(tx)]
    let raised = 0
    for (const { agencyId } of members) {
      const called = noticeFor(sittings.filter((one) => one.agencyId === agencyId))
      const standing = open.find((one) => one.groupId === input.groupId && one.agencyId === agencyId)
      if (called && !standing) {
        raised += 1
        const noticeId = id()
        await store.raise(tx, { ...called, id: noticeId, groupId: input.groupId, agencyId, at: now, label: await labelFor(agencyId) })
        emit('structure.attendanceNotice', { noticeId, agencyId })
      } else if (called && standing) await store.goesOn(tx, standing.id, called.reason, called.meetings)
      else if (standing) await store.endNotice(tx, standing.id, now)
    }
    return { meetingId, notices: raised }
  }),
  implement(words.answerNotice, async ({ input, tx, actor }) => {
    const notice = (await store.notices(tx)).find(({ id }) => id === input.noticeId)
    if (notice && !actor.reach.includes(`agency:${notice.agencyId}`))
      throw notAllowed('The agency that it is about answers a notice. Nothing was kept.')
    await store.answer(tx, input.noticeId, actor.personId, realClock.now(), input.answer)
    return { answered: true as const }
  }),
  implement(words.attendance, async ({ tx, actor }) => {
    const from = since(realClock.now())
    const [groups, members, sittings] = [await store.groups(tx), await store.members(tx), await store.sittings(tx, from)]
    const executive = actor.reach.includes('kind:executive')
    return {
      groups: groups
        .filter(({ groupId, keeps }) => keeps || sittings.some((one) => one.groupId === groupId))
        .map(({ groupId, name, keeps }) => {
          const own = sittings.filter((one) => one.groupId === groupId)
          return {
            groupId,
            name,
            keeps,
            members: keeps ? members.filter((one) => one.groupId === groupId) : [],
            agencies: [...Map.groupBy(own, ({ agencyId }) => agencyId)].map(([agencyId, list]) => ({
              agencyId,
              agencyName: list[0]!.agencyName,
              sittings: list,
            })),
          }
        }),
      notices: (await store.notices(tx)).map((notice) => ({
        ...notice,
        can: { answer: executive && notice.answer === null && actor.reach.includes(`agency:${notice.agencyId}`) },
      })),
      since: from.toISOString(),
    }
  }),
]

/** The tokens of those who chair a group or keep its record. */
const keepers = (group: { chairPostId: string | null; deputyChairPostId: string | null; secretariatPostId: string | null }) =>
  [group.chairPostId, group.deputyChairPostId, group.secretariatPostId].flatMap((post) => (post === null ? [] : [`post:${post}`]))
