import { causeOf, type CodeHistory } from '../code-history/rules.ts'
import type { AreaService } from '../code-history/contract.ts'
import type { Finding } from './contract.ts'

export type Found = Pick<Finding, 'kind' | 'about' | 'words'>

/** What is known about codes of agencies: what they became, and what serves which area. */
export interface Codes {
  history: CodeHistory
  areas: ReadonlyMap<string, readonly AreaService[]>
}

export interface Whole {
  agencies: ReadonlyArray<{ id: string; orgType: string; orgCode: string; name: string }>
  posts: ReadonlyArray<{ id: string; code: string; agencyId: string; kind: string; uncovered: boolean; place: string | null }>
  holdings: ReadonlyArray<{ postId: string; person: string; personName: string; capacity: string }>
  groups: ReadonlyArray<{
    id: string
    code: string
    name: string
    tier: string
    chairPostId: string | null
    deputyChairPostId: string | null
  }>
  memberships: ReadonlyArray<{ groupId: string; agencyId: string }>
}

export interface Forum {
  code: string
  name: string
  orgTypes: ReadonlySet<string>
  authorities: ReadonlyArray<{ orgCode: string; name: string }>
}

/** A partnership without police: often a sign that codes have changed under a list, not that there are none; where that shows, it says so. */
export function forumsWithoutPolice(groups: readonly Forum[], codes: Codes): Found[] {
  return groups
    .filter(({ orgTypes }) => orgTypes.size > 0 && !orgTypes.has('police'))
    .map(({ code, name, authorities }) => ({
      kind: 'forum-without-police' as const,
      about: code,
      words: `${name} has no police agency among its members.${
        causeOf(authorities, codes.history, codes.areas) || ' Ask whether the list is out of date before you rely on it.'
      }`,
    }))
}

/** Everything that is missing or odd in the structure as it stands (R-1.1.2, R-2.1.2). */
export function findingsOf(whole: Whole, codes: Codes): Found[] {
  const { agencies, posts, holdings, groups, memberships } = whole
  const nameOf = new Map(agencies.map((agency) => [agency.id, agency]))
  const typeOf = new Map(agencies.map((agency) => [agency.id, agency.orgType]))
  const codeOf = new Map(posts.map((post) => [post.id, post.code]))
  const placeOf = new Map(posts.map((post) => [post.id, post.place]))
  const members = Map.groupBy(memberships, ({ groupId }) => groupId)
  const atPost = Map.groupBy(holdings, ({ postId }) => postId)
  const heldBy = Map.groupBy(
    holdings.filter(({ capacity }) => capacity === 'holder'),
    ({ person }) => person,
  )
  const inGroup = new Set(memberships.map(({ agencyId }) => agencyId))
  const postsOf = Map.groupBy(posts, ({ agencyId }) => agencyId)
  const forums = groups
    .filter(({ tier }) => tier === 'partnership')
    .map(({ id, code, name }) => ({
      code,
      name,
      orgTypes: new Set((members.get(id) ?? []).map(({ agencyId }) => typeOf.get(agencyId) ?? '')),
      authorities: (members.get(id) ?? []).flatMap(({ agencyId }) => {
        const agency = nameOf.get(agencyId)
        return agency?.orgType === 'local_authority' ? [{ orgCode: agency.orgCode, name: agency.name }] : []
      }),
    }))
  const found = [...forumsWithoutPolice(forums, codes), ...chairs(groups, atPost)]
  for (const { id, code, kind, uncovered } of posts) {
    const there = atPost.get(id) ?? []
    if (!there.some(({ capacity }) => capacity === 'holder')) {
      found.push({
        kind: 'post-without-holder',
        about: code,
        words: `Nobody holds ${code}. A call-out to it reaches a deputy or the executive at best.`,
      })
    } else if (!there.some(({ capacity }) => capacity === 'deputy')) {
      found.push({
        kind: 'post-without-deputy',
        about: code,
        words: `Nobody stands in for the holder of ${code}. If they do not answer, ${kind === 'executive' ? 'a call-out ends there' : 'a call-out goes straight to the executive'}.`,
      })
    }
    if (uncovered && there.length > 0) {
      found.push({
        kind: 'uncovered-hours',
        about: code,
        words: `There are hours in the coming two weeks in which nobody is on duty for ${code}.`,
      })
    }
  }
  for (const [person, held] of heldBy) {
    if (held.length < 2) continue
    const list = held
      .map(({ postId }) => codeOf.get(postId))
      .sort()
      .join(', ')
    const places = new Set(held.flatMap(({ postId }) => placeOf.get(postId) ?? []))
    found.push({
      kind: 'person-holding-two-posts',
      about: person,
      words: `${held[0]!.personName} holds ${list}. When both are called, one is empty.${
        places.size > 1 ? ` They work in different places: ${[...places].sort().join(', ')}. Nobody is in two at once.` : ''
      }`,
    })
  }
  for (const { id, orgCode, name } of agencies) {
    if (!inGroup.has(id)) found.push({ kind: 'agency-in-no-group', about: orgCode, words: `${name} sits in no group.` })
    const own = postsOf.get(id) ?? []
    if (own.length > 0 && !own.some(({ kind }) => kind === 'duty' || kind === 'watch-officer')) {
      found.push({
        kind: 'agency-without-duty-post',
        about: orgCode,
        words: `${name} has no duty post. A call-out reaches its executive only.`,
      })
    }
  }
  return found
}

/** Groups that nobody is named to chair, and groups whose chair is their own deputy: the same post, or the same person in both. */
function chairs(groups: Whole['groups'], atPost: ReadonlyMap<string, Whole['holdings']>): Found[] {
  const holdersOf = (postId: string) =>
    (atPost.get(postId) ?? []).filter(({ capacity }) => capacity === 'holder').map(({ person, personName }) => ({ person, personName }))
  return groups.flatMap(({ code, name, tier, chairPostId, deputyChairPostId }): Found[] => {
    // A partnership that came from a list of members has said nothing about its chair yet.
    if (chairPostId === null)
      return tier === 'partnership'
        ? []
        : [{ kind: 'group-without-chair', about: code, words: `${name} has no chair. Nobody is named to convene it.` }]
    if (deputyChairPostId === null) return []
    if (deputyChairPostId === chairPostId)
      return [
        {
          kind: 'deputy-of-oneself',
          about: code,
          words: `The chair of ${name} is also its deputy chair. If the chair is missing, so is the deputy.`,
        },
      ]
    const chairing = new Map(holdersOf(chairPostId).map(({ person, personName }) => [person, personName]))
    const both = holdersOf(deputyChairPostId).find(({ person }) => chairing.has(person))
    return both === undefined
      ? []
      : [
          {
            kind: 'deputy-of-oneself',
            about: code,
            words: `${both.personName} holds the chair of ${name} and its deputy chair. If they are missing, so is the deputy.`,
          },
        ]
  })
}
