import type { CityFile } from '../contract.ts'
import type { Network } from '../../network/contract.ts'
import { agencyNames, type EndKind, readEnd } from './references.ts'

/** Codes of the city to ids; asked for one that is not there yet, makes it. Only for a file that has no strays. */
export function identities(
  file: CityFile,
  known: {
    network: Network
    people: ReadonlyMap<string, string>
    patterns: ReadonlyMap<string, string>
    productIds: ReadonlyMap<string, string>
  },
  id: () => string,
) {
  const agencies = agencyNames<{ orgType: string; orgCode: string; id?: string }>([...known.network.agencies, ...file.agencies])
  const made = new Map(known.network.agencies.map((agency) => [`${agency.orgType}:${agency.orgCode}`, agency.id]))
  const ofCodes = (rows: ReadonlyArray<{ code: string; id: string }>) => new Map(rows.map(({ code, id: own }) => [code, own]))
  const maps = {
    post: ofCodes(known.network.posts),
    person: new Map(known.people),
    group: ofCodes(known.network.groups),
    pattern: new Map(known.patterns),
    medium: ofCodes(known.network.media),
    place: ofCodes(known.network.places),
    product: new Map(known.productIds),
  }
  const inFile = {
    post: new Set(file.posts.map(({ code }) => code)),
    group: new Set(file.groups.map(({ code }) => code)),
  }
  const from = (ids: Map<string, string>, key: string): string => {
    const found = ids.get(key) ?? id()
    ids.set(key, found)
    return found
  }
  const agency = (code: string): string => {
    const [meant] = agencies.meant(code)
    return from(made, meant ? `${meant.orgType}:${meant.orgCode}` : code)
  }
  return {
    agency,
    idOf: (what: keyof typeof maps, code: string) => from(maps[what], code),
    maybe: (what: keyof typeof maps, code: string | null | undefined) => (code ? from(maps[what], code) : null),
    /** The one group, post or agency that an end means. */
    end(text: string): { kind: EndKind; id: string } {
      const { kinds, code } = readEnd(text)
      const kind = kinds.find((candidate) =>
        candidate === 'agency' ? agencies.meant(code).length > 0 : maps[candidate].has(code) || inFile[candidate].has(code),
      )
      return kind === undefined || kind === 'agency' ? { kind: 'agency', id: agency(code) } : { kind, id: from(maps[kind], code) }
    },
  }
}
export type Identities = ReturnType<typeof identities>
