import { conflict, invalid } from '#core/errors.ts'
import type { End, LinkKind, Network } from '../contract.ts'

// What a person does to a draft of the network: each deed takes a network and gives another, and the first stays as it was, so that undoing is
// keeping. Refusals: invalid names the field; conflict says what is so already. Findings (a group without a chair, a ring of reports) are not
// refused here: a draft may have them, and the analysis says so.

export type Link = Network['links'][number]
export type Seat = Network['memberships'][number]
export type Office = 'chairPostId' | 'deputyChairPostId' | 'secretariatPostId'

const nothingChanged = 'Nothing was changed.'

export const sameEnd = (one: End, other: End): boolean => one.kind === other.kind && one.id === other.id

const stands = (network: Network, end: End): boolean => {
  const among = { group: network.groups, post: network.posts, agency: network.agencies }[end.kind]
  return among.some(({ id }) => id === end.id)
}

const found = <Row extends { id: string }>(rows: readonly Row[], id: string, field: string): Row => {
  const row = rows.find((one) => one.id === id)
  if (!row) throw invalid(field, `This is not in the draft any more. ${nothingChanged} Look at the draft again.`)
  return row
}

const put = <Row extends { id: string }>(rows: readonly Row[], row: Row): Row[] => rows.map((one) => (one.id === row.id ? row : one))

function refuseMedia(network: Network, { primaryMediumId, backupMediumId }: Pick<Link, 'primaryMediumId' | 'backupMediumId'>): void {
  if (primaryMediumId !== null) found(network.media, primaryMediumId, 'primaryMediumId')
  if (backupMediumId === null) return
  found(network.media, backupMediumId, 'backupMediumId')
  if (backupMediumId === primaryMediumId)
    throw invalid('backupMediumId', `The backup is the same medium as the first. ${nothingChanged} Choose another, or none.`)
}

const refuseTwin = (network: Network, link: Pick<Link, 'id' | 'from' | 'to' | 'kind'>): void => {
  const twin = (one: Link) => one.id !== link.id && one.kind === link.kind && sameEnd(one.from, link.from) && sameEnd(one.to, link.to)
  if (network.links.some(twin)) throw conflict(`These two have a link of this kind already. ${nothingChanged} Change that one instead.`)
}

/** A link begins untested. */
export function addLink(network: Network, link: Omit<Link, 'testedAt'>): Network {
  if (!stands(network, link.from)) throw invalid('from', `Where the link begins is not in the draft. ${nothingChanged} Choose again.`)
  if (!stands(network, link.to)) throw invalid('to', `Where the link ends is not in the draft. ${nothingChanged} Choose again.`)
  if (sameEnd(link.from, link.to)) throw invalid('to', `A link joins two. ${nothingChanged} Choose another end.`)
  refuseMedia(network, link)
  refuseTwin(network, link)
  return { ...network, links: [...network.links, { ...link, testedAt: null }] }
}

export function endLink(network: Network, linkId: string): Network {
  found(network.links, linkId, 'link')
  return { ...network, links: network.links.filter(({ id }) => id !== linkId) }
}

/** Another kind, other media, other things carried. A test was of the media it was made on: with others the link is untested again. */
export function changeLink(
  network: Network,
  linkId: string,
  to: Partial<{ kind: LinkKind } & Pick<Link, 'primaryMediumId' | 'backupMediumId' | 'carries'>>,
): Network {
  const before = found(network.links, linkId, 'link')
  const after = { ...before, ...to }
  refuseMedia(network, after)
  refuseTwin(network, after)
  const otherMedia = after.primaryMediumId !== before.primaryMediumId || after.backupMediumId !== before.backupMediumId
  return { ...network, links: put(network.links, otherMedia ? { ...after, testedAt: null } : after) }
}

export const setMedium = (
  network: Network,
  linkId: string,
  which: 'primaryMediumId' | 'backupMediumId',
  mediumId: string | null,
): Network => changeLink(network, linkId, { [which]: mediumId })

const refuseSecondSeat = (network: Network, seat: Pick<Seat, 'id' | 'groupId' | 'agencyId'>): void => {
  const taken = network.memberships.some((one) => one.id !== seat.id && one.groupId === seat.groupId && one.agencyId === seat.agencyId)
  if (taken) throw conflict(`This agency has a seat in this group already. ${nothingChanged}`)
}

export function addSeat(network: Network, seat: Omit<Seat, 'derived'>): Network {
  found(network.groups, seat.groupId, 'groupId')
  found(network.agencies, seat.agencyId, 'agencyId')
  if (seat.postId !== null && found(network.posts, seat.postId, 'postId').agencyId !== seat.agencyId)
    throw invalid('postId', `This post is another agency's. ${nothingChanged} Choose a post of the agency that takes the seat.`)
  if (seat.basis.trim() === '')
    throw invalid('basis', `Say on what basis the agency sits there: a law, an agreement, a plan. ${nothingChanged}`)
  refuseSecondSeat(network, seat)
  return { ...network, memberships: [...network.memberships, { ...seat, derived: false }] }
}

export function endSeat(network: Network, seatId: string): Network {
  found(network.memberships, seatId, 'membership')
  return { ...network, memberships: network.memberships.filter(({ id }) => id !== seatId) }
}

/** The seat goes to another group; agency, post, standing and basis stay. */
export function moveSeat(network: Network, seatId: string, groupId: string): Network {
  const seat = found(network.memberships, seatId, 'membership')
  found(network.groups, groupId, 'groupId')
  if (seat.groupId === groupId) return network
  refuseSecondSeat(network, { ...seat, groupId })
  return { ...network, memberships: put(network.memberships, { ...seat, groupId }) }
}

export function setStanding(network: Network, seatId: string, kind: Seat['kind']): Network {
  const seat = found(network.memberships, seatId, 'membership')
  return { ...network, memberships: put(network.memberships, { ...seat, kind }) }
}

/** Which post sits for the agency; null: nobody is named, and it sits as a house. */
export function setSeatPost(network: Network, seatId: string, postId: string | null): Network {
  const seat = found(network.memberships, seatId, 'membership')
  if (postId !== null && found(network.posts, postId, 'postId').agencyId !== seat.agencyId)
    throw invalid('postId', `This post is another agency's. ${nothingChanged} Choose a post of the agency that has the seat.`)
  return { ...network, memberships: put(network.memberships, { ...seat, postId }) }
}

/** How many core members must be there; null: none is stated. One that is too high is a finding and no error. */
export function setQuorum(network: Network, groupId: string, quorum: number | null): Network {
  const group = found(network.groups, groupId, 'groupId')
  if (quorum !== null && (!Number.isInteger(quorum) || quorum < 1 || quorum > 400))
    throw invalid('quorum', `A quorum is a whole number of members, one or more. ${nothingChanged}`)
  return { ...network, groups: put(network.groups, { ...group, quorum }) }
}

/** Who chairs, deputises for the chair, or serves a group; null leaves the office empty, which is a finding and no error. */
export function setOffice(network: Network, groupId: string, office: Office, postId: string | null): Network {
  const group = found(network.groups, groupId, 'groupId')
  if (postId !== null) found(network.posts, postId, office)
  const after = { ...group, [office]: postId }
  if (after.chairPostId !== null && after.chairPostId === after.deputyChairPostId)
    throw invalid(office, `The chair cannot be deputy to itself. ${nothingChanged} Choose another post, or empty the other office first.`)
  return { ...network, groups: put(network.groups, after) }
}

export const setChair = (network: Network, groupId: string, postId: string | null): Network =>
  setOffice(network, groupId, 'chairPostId', postId)
