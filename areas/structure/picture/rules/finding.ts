import { type CityFinding, networkFindingKinds } from '../../city-analysis/contract.ts'
import type { Finding } from '../../findings/contract.ts'
import type { Network } from '../../network/contract.ts'

/** What a finding is about in the picture. `words`: as the list has them; null where the address says its kind alone. */
export interface Pointed {
  kind: string
  nodeIds: string[]
  linkIds: string[]
  words: string | null
  names: string[]
}

const kinds: readonly string[] = networkFindingKinds

/** A finding of the analysis is called by its kind and whom it is about: the address holds all that the picture shows of it, and nothing is asked. */
export const isOfAnalysis = (called: string): boolean => kinds.includes(called.split('~', 1)[0] ?? '')

/** One of the list by its id, or one of the analysis by what it is called; undefined where it is neither, or not the reader's to see. */
export function findingIn(network: Network, called: string, listed: readonly Finding[]): Pointed | undefined {
  if (isOfAnalysis(called)) {
    const [kind = '', ...ids] = called.split('~')
    const named = [...network.groups, ...network.agencies, ...network.posts.map(({ id, title }) => ({ id, name: title }))].filter(
      ({ id }) => ids.includes(id),
    )
    const links = network.links.flatMap(({ id, from, to }) => (ids.includes(id) ? [{ id, ends: [from.id, to.id] }] : []))
    return {
      kind: kind as CityFinding['kind'],
      nodeIds: [...named.map(({ id }) => id), ...links.flatMap(({ ends }) => ends)],
      linkIds: links.map(({ id }) => id),
      words: null,
      names: named.map(({ name }) => name),
    }
  }
  const found = listed.find(({ id }) => id === called)
  if (found === undefined) return undefined
  // The list's own rules name by code, what came from the analysis by name, perhaps with more after a comma.
  const named = (...words: readonly string[]) => words.some((word) => found.about === word || found.about.startsWith(`${word}, `))
  const nodeIds = [
    ...network.groups.flatMap(({ id, code, name }) => (named(code, name) ? [id] : [])),
    ...network.posts.flatMap(({ id, code, title }) => (named(code) || found.about.startsWith(`${title} (`) ? [id] : [])),
    ...network.agencies.flatMap(({ id, orgCode, name }) => (named(orgCode, name) ? [id] : [])),
  ]
  return { kind: found.kind, nodeIds, linkIds: [], words: found.words, names: [] }
}
