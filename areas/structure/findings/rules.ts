import type { Finding } from './contract.ts'

export type Found = Pick<Finding, 'kind' | 'about' | 'words'>

export interface Whole {
  agencies: ReadonlyArray<{ id: string; orgType: string; orgCode: string; name: string }>
  posts: ReadonlyArray<{ id: string; code: string; agencyId: string; kind: string; uncovered: boolean }>
  holdings: ReadonlyArray<{ postId: string; person: string; personName: string; capacity: string }>
  groups: ReadonlyArray<{ id: string; code: string; name: string; tier: string }>
  memberships: ReadonlyArray<{ groupId: string; agencyId: string }>
}

/** A partnership without police: often a sign that a list has changed its codes, not that there are none. */
export function forumsWithoutPolice(groups: ReadonlyArray<{ code: string; name: string; orgTypes: ReadonlySet<string> }>): Found[] {
  return groups
    .filter(({ orgTypes }) => orgTypes.size > 0 && !orgTypes.has('police'))
    .map(({ code, name }) => ({
      kind: 'forum-without-police' as const,
      about: code,
      words: `${name} has no police agency among its members. Ask whether the list is out of date before you rely on it.`,
    }))
}

/** Everything that is missing or odd in the structure as it stands. */
export function findingsOf(whole: Whole): Found[] {
  const { agencies, posts, holdings, groups, memberships } = whole
  const typeOf = new Map(agencies.map((agency) => [agency.id, agency.orgType]))
  const codeOf = new Map(posts.map((post) => [post.id, post.code]))
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
    }))
  const found = forumsWithoutPolice(forums)
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
    found.push({
      kind: 'person-holding-two-posts',
      about: person,
      words: `${held[0]!.personName} holds ${list}. When both are called, one is empty.`,
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
