import { holdsAny, internLabel } from '#core/access/reach.ts'
import { conflict, invalid } from '#core/errors.ts'
import { type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import { personLabels, refreshTokens } from '../city-import/store.ts'
import { agencies, agreedLead, dutyBoard, endHolding, groups, posts, raisedMarking, setHolding, setSector } from './contract.ts'
import { kindsOfHoldings, reviewFindings } from '../findings/actions.ts'
import { quorumOf } from './rules.ts'
import * as boards from './store/boards.ts'
import * as who from './store/who.ts'

/** Findings of who holds what, as it stands now. Only an administrator reads all that they rest on; an executive's deed is looked at within the hour. */
async function lookAgain(tx: Tx, at: Date, source: string, id: () => string): Promise<void> {
  if (await holdsAny(tx, ['kind:administrator'])) await reviewFindings(tx, at, source, id, kindsOfHoldings)
}

export const actions: readonly Implementation[] = [
  implement(agencies, async ({ tx }) => {
    const memberships = Map.groupBy(await boards.groupsOfAgencies(tx), ({ agencyId }) => agencyId)
    return {
      agencies: (await who.agencies(tx)).map((agency) => {
        const own = memberships.get(agency.id) ?? []
        return {
          ...agency,
          groups: own.map(({ code, name }) => ({ code, name })),
          derived: own.length > 0 && own.every(({ derived }) => derived),
        }
      }),
    }
  }),
  implement(setSector, async ({ input, tx, emit }) => {
    const wanted = [...new Set(input.agencyIds)]
    const set = await boards.setSector(tx, wanted, input.sector)
    if (set < wanted.length)
      throw invalid('agencyIds', 'One of these agencies is not known here. Nothing was changed. Look at the list again.')
    emit('structure.changed', { counts: { agencies: set } })
    return { set }
  }),
  implement(posts, async ({ input, tx, clock }) => {
    const names = new Map((await who.agencies(tx)).map(({ id, name }) => [id, name]))
    const held = Map.groupBy(await boards.holdings(tx, clock.now()), ({ postId }) => postId)
    const all = (await who.posts(tx)).filter(({ agencyId }) => input.agencyId === undefined || agencyId === input.agencyId)
    return {
      posts: all.map((post) => ({ ...post, agencyName: names.get(post.agencyId) ?? '', holdings: held.get(post.id) ?? [] })),
      marking: raisedMarking,
    }
  }),
  implement(groups, async ({ input, tx }) => {
    const titles = new Map((await who.posts(tx)).map(({ id, title }) => [id, title]))
    const members = Map.groupBy(await boards.membersOfAll(tx), ({ groupId }) => groupId)
    const titleOf = (postId: string | null) => (postId === null ? null : (titles.get(postId) ?? null))
    return {
      groups: (await who.groups(tx)).map((group) => {
        const own = members.get(group.id) ?? []
        return {
          ...group,
          chairTitle: titleOf(group.chairPostId),
          deputyChairTitle: titleOf(group.deputyChairPostId),
          secretariatTitle: titleOf(group.secretariatPostId),
          members: own,
          presence: input.presentAgencyIds === undefined ? null : quorumOf(own, group.quorum, input.presentAgencyIds),
        }
      }),
    }
  }),
  implement(dutyBoard, async ({ input, tx, clock }) => {
    const at = input.at === undefined ? clock.now() : new Date(input.at)
    if (input.groupId !== undefined) await who.group(tx, input.groupId)
    const lines =
      input.groupId === undefined ? [await boards.postAsLine(tx, input.postId ?? '')] : await boards.postsOfGroup(tx, input.groupId)
    const duty = Map.groupBy(
      await boards.dutyOf(
        tx,
        lines.map(({ postId }) => postId),
        at,
      ),
      ({ postId }) => postId,
    )
    const members = input.groupId === undefined ? [] : await who.membersOf(tx, input.groupId)
    return {
      at: at.toISOString(),
      lines: lines.map((line) => ({ ...line, onDuty: duty.get(line.postId) ?? [] })),
      withoutPost: members.filter(({ postId, kind }) => postId === null && kind !== 'invitee').map(({ agencyName }) => agencyName),
      marking: raisedMarking,
    }
  }),
  implement(agreedLead, async ({ input, tx }) => {
    const lead = await who.agreedLead(tx, input.incidentType, input.jurisdiction, input.phase)
    return { lead: lead === undefined ? null : { ...lead, agencyName: (await who.agency(tx, lead.agencyId)).name } }
  }),
  implement(setHolding, async ({ input, tx, clock, id, emit }) => {
    await who.post(tx, input.postId)
    const person = await who.person(tx, input.personId)
    const hours = input.hours === undefined ? null : await boards.hoursByCode(tx, input.hours)
    if (hours === undefined)
      throw invalid('hours', `There are no duty hours called ${input.hours}. Nothing was changed. Choose one of those that the city has.`)
    if (await boards.overlapping(tx, input.postId, input.personId, input.fromAt, input.untilAt ?? null)) {
      throw conflict(
        'This person has this post already for part of that time. Nothing was changed. End the first holding, then set the new one.',
      )
    }
    const label = (await personLabels(tx, [person])).get(person.id) ?? (await internLabel(tx, { clauses: [[]], marking: raisedMarking }))
    const holding = { ...input, id: id(), patternId: hours?.id ?? null, untilAt: input.untilAt ?? null, label }
    await boards.insertHolding(tx, holding)
    await refreshTokens(tx, clock.now())
    await lookAgain(tx, clock.now(), 'structure.setHolding', id)
    emit('structure.holdingSet', { holdingId: holding.id, postId: input.postId })
    return boards.holding(tx, holding.id)
  }),
  implement(endHolding, async ({ input, tx, clock, id, emit }) => {
    const { postId } = await boards.holding(tx, input.holdingId)
    // Asked once: a moment later *now* would be in the past, and refused as such.
    const now = clock.now()
    const until = input.untilAt === undefined ? now : new Date(input.untilAt)
    if (until < now) throw invalid('untilAt', 'What has been held cannot be unheld: choose now or later. Nothing was changed.')
    await boards.endHolding(tx, input.holdingId, until)
    await refreshTokens(tx, clock.now())
    await lookAgain(tx, clock.now(), 'structure.endHolding', id)
    emit('structure.holdingEnded', { holdingId: input.holdingId, postId })
    return boards.holding(tx, input.holdingId)
  }),
]
