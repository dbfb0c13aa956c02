import type { Tx } from '#core/operation/implement.ts'
import type { Network } from '../../network/contract.ts'
import type { CityFile, EndingList } from '../contract.ts'
import type { Identities } from '../rules/identities.ts'
import * as store from '../store/network.ts'

/** A row of the city that a list does not name: what it is called, for whoever decides whether it ends. */
export interface FallenOut {
  id: string
  words: string
}

const linkKey = (from: string, kind: string, to: string) => `${from} ${kind} ${to}`
const variantKey = (row: {
  groupId: string
  incidentType: string
  band: string
  effect: string
  agencyId: string | null
  postId: string | null
}) => [row.groupId, row.incidentType, row.band, row.effect, row.agencyId ?? '', row.postId ?? ''].join(' ')

function keysOf(file: CityFile, ids: Identities) {
  return {
    links: file.links.map((row) => linkKey(ids.end(row.from).id, row.kind, ids.end(row.to).id)),
    responsibilities: file.responsibilities.map((row) => [row.activity, row.phase, ids.agency(row.agency), row.part].join(' ')),
    products: file.products.map((row) => row.code),
    variants: file.variants.map((row) =>
      variantKey({
        groupId: ids.idOf('group', row.group),
        incidentType: row.incidentType,
        band: row.band,
        effect: row.effect,
        agencyId: row.agency ? ids.agency(row.agency) : null,
        postId: ids.maybe('post', row.post),
      }),
    ),
  }
}

/** What stands in the city now, by the same keys. */
function standing(network: Network) {
  const names = new Map<string, string>([
    ...network.groups.map(({ id, code }): [string, string] => [id, code]),
    ...network.posts.map(({ id, code }): [string, string] => [id, code]),
    ...network.agencies.map(({ id, orgCode }): [string, string] => [id, orgCode]),
  ])
  const nameOf = (id: string | null) => names.get(id ?? '') ?? ''
  return {
    links: network.links.map((row) => ({
      id: row.id,
      key: linkKey(row.from.id, row.kind, row.to.id),
      words: `${nameOf(row.from.id)} ${row.kind} ${nameOf(row.to.id)}`,
    })),
    responsibilities: network.responsibilities.map((row) => ({
      id: row.id,
      key: [row.activity, row.phase, row.agencyId, row.part].join(' '),
      words: `${row.activity} (${row.phase}): ${nameOf(row.agencyId)} ${row.part}`,
    })),
    products: network.products.map((row) => ({ id: row.id, key: row.code, words: row.code })),
    variants: network.variants.map((row) => ({
      id: row.id,
      key: variantKey(row),
      words: `${nameOf(row.groupId)}: ${nameOf(row.agencyId ?? row.postId)} ${row.effect} (${row.incidentType}, ${row.band})`,
    })),
  }
}

/** Rows that stand in the city and are not in the file's lists. */
export function fallenOut(file: CityFile, network: Network, ids: Identities): Record<EndingList, FallenOut[]> {
  const [there, here] = [keysOf(file, ids), standing(network)]
  const out = (list: EndingList) => {
    const named = new Set(there[list])
    return here[list].filter(({ key }) => !named.has(key)).map(({ id, words }) => ({ id, words }))
  }
  return { links: out('links'), responsibilities: out('responsibilities'), products: out('products'), variants: out('variants') }
}

const pieceLength = 1000
/** In pieces: a statement has its time, and long lists have many rows. */
export async function inPieces<T>(values: readonly T[], put: (piece: readonly T[]) => Promise<void>): Promise<void> {
  for (let at = 0; at < values.length; at += pieceLength) await put(values.slice(at, at + pieceLength))
}

const idColumns = <S extends 'from' | 'to'>(side: S, end: { kind: string; id: string }) => {
  const of = (kind: string) => (end.kind === kind ? end.id : null)
  return { [`${side}_group_id`]: of('group'), [`${side}_post_id`]: of('post'), [`${side}_agency_id`]: of('agency') } as {
    [K in `${S}_group_id` | `${S}_post_id` | `${S}_agency_id`]: string | null
  }
}

/** Links, responsibilities, products and variants. What a row does not say stays as the city has it. */
export async function storeNetwork(
  tx: Tx,
  label: number,
  at: Date,
  file: CityFile,
  network: Network,
  ids: Identities,
  id: () => string,
): Promise<void> {
  const keys = keysOf(file, ids)
  const now = standing(network)
  const known = Object.fromEntries(
    Object.entries(now).map(([list, rows]) => [list, new Map(rows.map(({ key, id: own }) => [key, own]))]),
  ) as Record<EndingList, Map<string, string>>
  const links = new Map(network.links.map((row) => [row.id, row]))
  await inPieces(
    file.links.map((row, index): store.LinkRow => {
      const own = known.links.get(keys.links[index]!)
      const was = links.get(own ?? '')
      return {
        id: own ?? id(),
        ...idColumns('from', ids.end(row.from)),
        ...idColumns('to', ids.end(row.to)),
        kind: row.kind,
        primary_medium_id: row.primary === undefined ? (was?.primaryMediumId ?? null) : ids.maybe('medium', row.primary),
        backup_medium_id: row.backup === undefined ? (was?.backupMediumId ?? null) : ids.maybe('medium', row.backup),
        carries: row.carries ?? was?.carries ?? [],
        tested_at: row.testedAt ?? null,
      }
    }),
    (piece) => store.putLinks(tx, label, piece),
  )
  const bases = new Map(network.responsibilities.map((row) => [row.id, row.jointBasis]))
  await inPieces(
    file.responsibilities.map((row, index): store.ResponsibilityRow => {
      const own = known.responsibilities.get(keys.responsibilities[index]!)
      return {
        id: own ?? id(),
        activity: row.activity,
        phase: row.phase,
        agency_id: ids.agency(row.agency),
        part: row.part,
        joint_basis: row.jointBasis === undefined ? (bases.get(own ?? '') ?? null) : row.jointBasis,
      }
    }),
    (piece) => store.putResponsibilities(tx, label, piece),
  )
  const products = new Map(network.products.map((row) => [row.code, row]))
  await inPieces(
    file.products.map((row): store.ProductRow => {
      const was = products.get(row.code)
      const producer = row.producer ? ids.agency(row.producer) : null
      return {
        id: ids.idOf('product', row.code),
        code: row.code,
        name: row.name,
        producer_agency_id: row.producer === undefined ? (was?.producerAgencyId ?? null) : producer,
        medium_id: row.medium === undefined ? (was?.mediumId ?? null) : ids.maybe('medium', row.medium),
        protocol: row.protocol === undefined ? (was?.protocol ?? null) : row.protocol,
      }
    }),
    (piece) => store.putProducts(tx, label, piece),
  )
  const said = file.products.flatMap((row) =>
    row.receivers === undefined ? [] : [{ code: row.code, receivers: [...new Set(row.receivers)] }],
  )
  await inPieces(said, (piece) =>
    store.putReceivers(
      tx,
      label,
      at,
      piece.flatMap(({ code, receivers }): { id: string; product_id: string; agency_id: string | null }[] => {
        const product_id = ids.idOf('product', code)
        const named = [...new Set(receivers.map((receiver) => ids.agency(receiver)))].map((agency_id) => ({
          id: id(),
          product_id,
          agency_id,
        }))
        return named.length > 0 ? named : [{ id: id(), product_id, agency_id: null }]
      }),
    ),
  )
  await inPieces(
    file.variants.map(
      (row, index): store.VariantRow => ({
        id: known.variants.get(keys.variants[index]!) ?? id(),
        group_id: ids.idOf('group', row.group),
        incident_type: row.incidentType,
        band: row.band,
        effect: row.effect,
        agency_id: row.agency ? ids.agency(row.agency) : null,
        post_id: ids.maybe('post', row.post),
        basis: row.basis,
      }),
    ),
    (piece) => store.putVariants(tx, label, piece),
  )
}
