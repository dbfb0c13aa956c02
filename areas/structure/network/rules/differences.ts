import type { Difference, FieldDifference, Network, Subject } from '../contract.ts'

// Two networks laid side by side. Rows are the same when their ids are; what a row says is compared field by field, ids of other rows told by the
// names that the reader of that network knew them by. Words are made where they are read, from kinds: nothing here is in a language.

type Names = (id: string | null) => string | null
interface Kind<Row> {
  rows: (network: Network) => readonly Row[]
  called: (row: Row, names: Names, network: Network) => Pick<Difference, 'name' | 'with' | 'kind'>
  /** Fields that are told, in the order in which they are told. `name`: an id, told by its name. */
  fields: Record<string, (row: Row, names: Names) => string | null>
  /** Agencies whose matter this is. */
  agencies: (row: Row, network: Network) => (string | null)[]
}

const listed = (values: readonly string[]): string | null => (values.length === 0 ? null : [...values].sort().join(', '))
const text = (value: string | number | null): string | null => (value === null || value === '' ? null : String(value))
const only = (name: string) => ({ name, with: null, kind: null })

const agencyOf = (network: Network, postId: string | null) => network.posts.find(({ id }) => id === postId)?.agencyId ?? null
const membersOf = (network: Network, groupId: string) =>
  network.memberships.filter((seat) => seat.groupId === groupId).map(({ agencyId }) => agencyId)
const agenciesOfEnd = (network: Network, end: Network['links'][number]['from']) =>
  end.kind === 'agency' ? [end.id] : end.kind === 'post' ? [agencyOf(network, end.id)] : membersOf(network, end.id)

type Compare = (before: Network, after: Network) => Difference[]
const kind =
  <Key extends keyof Network>(subject: Subject, key: Key, it: Omit<Kind<Network[Key][number]>, 'rows'>): Compare =>
  (before, after) =>
    differencesOf<Network[Key][number]>(subject, { rows: (network) => network[key], ...it }, before, after)

const kinds: Compare[] = [
  kind('agency', 'agencies', {
    called: ({ name }) => only(name),
    fields: {
      name: (row) => row.name,
      shortName: (row) => text(row.shortName),
      type: (row) => row.orgType,
      code: (row) => row.orgCode,
      sector: (row) => row.sector,
      parent: (row, names) => names(row.parentId),
      services: (row) => listed(row.services),
      homeCity: (row) => row.homeCity,
    },
    agencies: ({ id, parentId }) => [id, parentId],
  }),
  kind('post', 'posts', {
    called: ({ title, agencyId }, names) => ({ name: title, with: names(agencyId), kind: null }),
    fields: {
      title: (row) => row.title,
      code: (row) => row.code,
      agency: (row, names) => names(row.agencyId),
      postKind: (row) => row.kind,
      minimumSeniority: (row) => text(row.minimumSeniority),
      competences: (row) => listed(row.competences),
      place: (row, names) => names(row.placeId),
    },
    agencies: ({ agencyId }) => [agencyId],
  }),
  kind('group', 'groups', {
    called: ({ name }) => only(name),
    fields: {
      name: (row) => row.name,
      code: (row) => row.code,
      tier: (row) => row.tier,
      purpose: (row) => text(row.purpose),
      authority: (row) => text(row.authority),
      convening: (row) => text(row.convening),
      termsOfReference: (row) => text(row.termsOfReference),
      cells: (row) => listed(row.cells),
      chair: (row, names) => names(row.chairPostId),
      deputyChair: (row, names) => names(row.deputyChairPostId),
      secretariat: (row, names) => names(row.secretariatPostId),
      recordsOwner: (row, names) => names(row.recordsOwnerPostId),
      quorum: (row) => text(row.quorum),
      place: (row, names) => names(row.placeId),
      reviewAt: (row) => row.reviewAt,
    },
    agencies: (row, network) => [
      ...membersOf(network, row.id),
      ...[row.chairPostId, row.deputyChairPostId, row.secretariatPostId, row.recordsOwnerPostId].map((post) => agencyOf(network, post)),
    ],
  }),
  kind('membership', 'memberships', {
    called: (row, names) => ({ name: names(row.agencyId) ?? '', with: names(row.groupId), kind: row.kind }),
    fields: {
      group: (row, names) => names(row.groupId),
      agency: (row, names) => names(row.agencyId),
      post: (row, names) => names(row.postId),
      standing: (row) => row.kind,
      basis: (row) => row.basis,
      derived: (row) => (row.derived ? 'yes' : null),
    },
    agencies: (row, network) => [row.agencyId, ...membersOf(network, row.groupId)],
  }),
  kind('medium', 'media', {
    called: ({ name }) => only(name),
    fields: { name: (row) => row.name, code: (row) => row.code, dependsOn: (row) => listed(row.dependsOn) },
    agencies: ({ id }, network) =>
      network.links
        .filter(({ primaryMediumId, backupMediumId }) => primaryMediumId === id || backupMediumId === id)
        .flatMap(({ from, to }) => [...agenciesOfEnd(network, from), ...agenciesOfEnd(network, to)]),
  }),
  kind('place', 'places', {
    called: ({ name }) => only(name),
    fields: { name: (row) => row.name, code: (row) => row.code },
    agencies: ({ id }, network) => network.posts.filter(({ placeId }) => placeId === id).map(({ agencyId }) => agencyId),
  }),
  kind('link', 'links', {
    called: (row, names) => ({ name: names(row.from.id) ?? '', with: names(row.to.id), kind: row.kind }),
    fields: {
      from: (row, names) => names(row.from.id),
      to: (row, names) => names(row.to.id),
      linkKind: (row) => row.kind,
      primaryMedium: (row, names) => names(row.primaryMediumId),
      backupMedium: (row, names) => names(row.backupMediumId),
      carries: (row) => listed(row.carries),
      testedAt: (row) => row.testedAt,
    },
    agencies: ({ from, to }, network) => [...agenciesOfEnd(network, from), ...agenciesOfEnd(network, to)],
  }),
  kind('responsibility', 'responsibilities', {
    called: (row, names) => ({ name: row.activity, with: names(row.agencyId), kind: row.part }),
    fields: {
      activity: (row) => row.activity,
      phase: (row) => row.phase,
      agency: (row, names) => names(row.agencyId),
      part: (row) => row.part,
      jointBasis: (row) => text(row.jointBasis),
    },
    agencies: (row, network) => [
      row.agencyId,
      ...network.responsibilities
        .filter(({ activity, phase }) => activity === row.activity && phase === row.phase)
        .map(({ agencyId }) => agencyId),
    ],
  }),
  kind('product', 'products', {
    called: (row, names) => ({ name: row.name, with: names(row.producerAgencyId), kind: null }),
    fields: {
      name: (row) => row.name,
      code: (row) => row.code,
      producer: (row, names) => names(row.producerAgencyId),
      medium: (row, names) => names(row.mediumId),
      protocol: (row) => row.protocol,
      receivers: (row, names) => listed(row.receiverAgencyIds.map((id) => names(id) ?? '')),
    },
    agencies: (row) => [row.producerAgencyId, ...row.receiverAgencyIds],
  }),
  kind('variant', 'variants', {
    called: (row, names) => ({ name: names(row.groupId) ?? '', with: names(row.postId ?? row.agencyId), kind: row.effect }),
    fields: {
      group: (row, names) => names(row.groupId),
      incidentType: (row) => row.incidentType,
      band: (row) => row.band,
      effect: (row) => row.effect,
      agency: (row, names) => names(row.agencyId),
      post: (row, names) => names(row.postId),
      basis: (row) => row.basis,
    },
    agencies: (row, network) => [row.agencyId, agencyOf(network, row.postId), ...membersOf(network, row.groupId)],
  }),
]

const namesOf = (network: Network): Names => {
  const names = new Map<string, string>()
  for (const { id, name } of [...network.agencies, ...network.groups, ...network.media, ...network.places]) names.set(id, name)
  for (const { id, title } of network.posts) names.set(id, title)
  return (id) => (id === null ? null : (names.get(id) ?? null))
}

/** Held values are compared, not names: a renamed agency is one difference and not forty, and two posts of one title are still two. */
const asHeld: Names = (id) => id

function differencesOf<Row extends { id: string }>(subject: Subject, it: Kind<Row>, before: Network, after: Network): Difference[] {
  const was = new Map(it.rows(before).map((row) => [row.id, row]))
  const is = new Map(it.rows(after).map((row) => [row.id, row]))
  const [oldNames, newNames] = [namesOf(before), namesOf(after)]
  const concerned = (row: Row, network: Network) => it.agencies(row, network).filter((id) => id !== null)
  const found: Difference[] = []
  const tell = (how: Difference['how'], row: Row, network: Network, names: Names, fields: FieldDifference[], agencies: string[]) =>
    void found.push({ subject, how, id: row.id, ...it.called(row, names, network), fields, agencyIds: [...new Set(agencies)].sort() })
  for (const [id, row] of is) {
    const old = was.get(id)
    if (old === undefined) tell('came', row, after, newNames, [], concerned(row, after))
    else {
      const fields = Object.entries(it.fields)
        .filter(([, read]) => read(old, asHeld) !== read(row, asHeld))
        .map(([field, read]) => ({ field, was: read(old, oldNames), is: read(row, newNames) }))
      if (fields.length > 0) tell('changed', row, after, newNames, fields, [...concerned(old, before), ...concerned(row, after)])
    }
  }
  for (const [id, row] of was) if (!is.has(id)) tell('went', row, before, oldNames, [], concerned(row, before))
  return found
}

/** What came, what went and what changed between two networks, in the order of the contract and then of the lists. Empty: they say the same. */
export const differencesBetween = (before: Network, after: Network): Difference[] => kinds.flatMap((compare) => compare(before, after))
