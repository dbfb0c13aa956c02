import { holdsAny, internLabel } from '#core/access/reach.ts'
import { realClock } from '#core/clock.ts'
import { type Check, type Implementation, implement } from '#core/operation/implement.ts'
import * as words from './contract.ts'
import { linesOf } from './rules.ts'
import * as store from './store.ts'

const running = (words.conveneTonight.who as readonly string[]).map((kind) => `kind:${kind}`)

/** `above`: the lines that higher areas add, each with the area whose words they are (house: upward news). */
export const actions = (above: readonly { area: string; check: Check }[]): readonly Implementation[] => [
  implement(words.conveneTonight, async ({ input: { groupId }, tx, actor, id }) => {
    const at = realClock.now()
    const group = await store.groupTonight(tx, groupId, at)
    const seats = await store.coreSeats(tx, groupId)
    const offices = [group.chairPostId, group.deputyChairPostId, group.secretariatPostId]
    const wanted = [...offices, ...seats.map(({ postId }) => postId)].filter((one) => one !== null)
    const posts = new Map((await store.postsTonight(tx, wanted, at)).map((post) => [post.postId, post]))
    const postOf = (postId: string | null) => (postId === null ? null : (posts.get(postId) ?? null))
    const own = linesOf(
      {
        ...group,
        chair: postOf(group.chairPostId),
        deputyChair: postOf(group.deputyChairPostId),
        secretariat: postOf(group.secretariatPostId),
        core: seats.map(({ agencyName, postId }) => ({ agencyName, post: postOf(postId) })),
      },
      at,
    )
    const lines: words.Line[] = own.map((line) => ({ area: 'structure', ...line }))
    for (const { area, check } of above)
      for (const line of await check.run(tx, { groupId, agencyIds: seats.map(({ agencyId }) => agencyId), at }))
        lines.push({ area, params: {}, ...line })
    const marking = 'TLP:AMBER+STRICT'
    const label = await internLabel(tx, { clauses: [[...running, 'kind:chair', 'kind:inquiry']], marking })
    const run = { id: id(), groupId, lines, at, label }
    await store.put(tx, { ...run, personId: actor.personId })
    return { ...run, at: at.toISOString(), groupName: group.name, by: actor.name, marking }
  }),
  implement(words.convening, async ({ tx, actor }) => {
    const mayKnow = await holdsAny(
      tx,
      words.told.map((kind) => `kind:${kind}`),
    )
    const groups = []
    for (const group of mayKnow ? await store.strategicGroups(tx) : [])
      groups.push({ ...group, last: (await store.last(tx, group.groupId)) ?? null })
    return { groups, can: { run: actor.world.kind === 'live' && (await holdsAny(tx, running)) } }
  }),
]
