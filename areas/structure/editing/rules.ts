import type { End, Network } from '../network/contract.ts'

export type Names = ReturnType<typeof namesOf>

/** What ends, media and agencies of a network are called: a post with its agency. What cannot be read has no name. */
export function namesOf(network: Network) {
  const agencies = new Map(network.agencies.map((agency) => [agency.id, agency.shortName ?? agency.name]))
  const posts = new Map(network.posts.map((post) => [post.id, `${post.title}, ${agencies.get(post.agencyId) ?? ''}`.replace(/, $/, '')]))
  const groups = new Map(network.groups.map(({ id, name }) => [id, name]))
  const media = new Map(network.media.map(({ id, name }) => [id, name]))
  return {
    agency: (id: string | null) => agencies.get(id ?? '') ?? '',
    medium: (id: string | null) => media.get(id ?? '') ?? '',
    end: ({ kind, id }: End) => ({ group: groups, post: posts, agency: agencies })[kind].get(id) ?? '',
  }
}

/** Whether any of these words holds what somebody looks for. */
export const holds = (find: string, ...words: readonly string[]): boolean => {
  const wanted = find.trim().toLocaleLowerCase()
  return wanted === '' || words.some((word) => word.toLocaleLowerCase().includes(wanted))
}

/** Ends that a form offers, by `kind:id`. */
export const endOf = (text: string): End => {
  const [kind = '', id = ''] = text.split(':')
  return { kind: kind as End['kind'], id }
}

export const letters = { accountable: 'A', responsible: 'R', consulted: 'C', informed: 'I' } as const

/** What was chosen where nothing may be chosen too. */
export const chosenOf = (value: string | undefined): string | null =>
  value === undefined || value === 'none' || value === '' ? null : value
