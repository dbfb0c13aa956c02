import { agencies, agency } from '#areas/structure/facade.ts'
import { type GradingScale, gradingWords } from '#core/access/grading.ts'
import { scales } from '#core/access/schemes/store.ts'
import type { Clock } from '#core/clock.ts'
import { invalid, notAllowed, notFound } from '#core/errors.ts'
import { type Actor, type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import { putNotices } from '../notices/store.ts'
import { deciders } from '../tear-lines/contract.ts'
import { refuseIncomplete } from '../tear-lines/rules.ts'
import { propose } from '../tear-lines/store.ts'
import { acting } from '../contract.ts'
import * as words from './contract.ts'
import { pageSize } from './rules.ts'
import * as store from './store.ts'

type Audience = {
  protocolId?: string | undefined
  agencyIds?: string[] | undefined
  until?: string | undefined
  restrictedUntil?: string | undefined
  derivedFrom?: string[] | undefined
}

/** What everybody else reads by: each id that was given is first read as its own row, so that a withheld one is as absent as one that was made up. */
async function looked(tx: Tx, { protocolId, agencyIds = [], derivedFrom = [] }: Audience) {
  const protocol = protocolId === undefined ? undefined : (await store.inForce(tx)).find(({ id }) => id === protocolId)
  if (protocolId !== undefined && !protocol)
    throw invalid(
      'protocolId',
      'This protocol is not in force for your agency: it opens nothing. Nothing was shared. Choose another, or name who may read it.',
    )
  for (const one of agencyIds) await agency(tx, one)
  const parts = await store.byIds(tx, derivedFrom)
  if (parts.length < new Set(derivedFrom).size) throw notFound()
  return { protocol, parts }
}

/** A marking in the one way of writing it. Errors: invalid `marking`. */
export const canonical = async (tx: Tx, marking: string) => ({ marking: (await store.marked(tx, marking)).marking })

/** Moments in the world's time, and by the real clock, in which what is opened ends. */
const moments = (clock: Clock, { until, restrictedUntil }: Audience) => ({
  untilReal: until === undefined ? undefined : clock.real(new Date(until)),
  restrictedUntilReal: restrictedUntil === undefined ? undefined : clock.real(new Date(restrictedUntil)),
})

export function ownAgency(actor: Actor): string {
  if (actor.agencyId === null) throw notAllowed('You act for no agency here. Nothing was shared. Sign in with your post.')
  return actor.agencyId
}

const namesOf = async (tx: Tx) => {
  const names = new Map((await agencies(tx)).map(({ id, name }) => [id, name]))
  return (agencyId: string) => names.get(agencyId) ?? agencyId
}

const gradedOf = (row: store.ItemRow, scales: readonly GradingScale[]) =>
  row.grading === null || row.gradedAt === null
    ? null
    : {
        grading: row.grading,
        ...gradingWords(row.grading, scales),
        by: row.gradedBy,
        post: row.gradedPost,
        at: row.gradedAt,
        because: row.gradedBecause,
      }

const lineOf = (row: store.ItemRow, actor: Actor, scales: readonly GradingScale[]) => ({
  id: row.id,
  title: row.title,
  kind: row.kind,
  originator: row.originator,
  own: actor.reach.includes(`agency:${row.originatorAgencyId}`),
  sharedAt: row.sharedAt,
  protocol: row.protocol,
  state: row.state,
  sensitive: row.sensitive,
  graded: gradedOf(row, scales),
  until: row.untilAt,
  label: row.label,
  marking: row.marking,
})

const sharing: Implementation[] = [
  implement(words.shareItem, async ({ input: { releasable, ...input }, tx, actor, clock, emit }) => {
    const originatorAgencyId = ownAgency(actor)
    await looked(tx, input)
    const at = clock.now()
    const id = await store.share(tx, { ...input, ...moments(clock, input), originatorAgencyId, at })
    const row = await store.byId(tx, id)
    const name = await namesOf(tx)
    const before = (await audienceOf(tx, row)).map(({ agencyId }) => agencyId)
    if (releasable) {
      refuseIncomplete(releasable)
      const { marking } = await canonical(tx, releasable.marking)
      const releaseId = await propose(tx, { ...releasable, marking, itemId: id, agencyId: originatorAgencyId, at })
      const about = { table: 'sharing.releases', id: releaseId }
      await putNotices(tx, [{ key: `release/${releaseId}`, about, to: { agencyId: originatorAgencyId, kinds: deciders }, due: at }])
    }
    emit('sharing.itemShared', {
      itemId: id,
      kind: row.kind,
      protocolId: row.protocolId,
      incidentId: row.incidentId,
      originatorAgencyId,
      agencyIds: before,
    })
    return { id, marking: row.marking, sensitive: row.sensitive, before: before.map(name) }
  }),
  implement(words.reportUpward, async ({ input, tx, actor, clock }) => {
    const originatorAgencyId = ownAgency(actor)
    await looked(tx, input)
    return { receipt: await store.reportUpward(tx, { ...input, ...moments(clock, input), originatorAgencyId, at: clock.now() }) }
  }),
  implement(words.openItem, async ({ input: { itemId }, tx, clock }) => {
    const { marking } = await store.byId(tx, itemId)
    const openedAt = clock.now()
    const text = await store.open(tx, itemId, openedAt)
    if (text === null) throw notFound()
    return { text, openedAt: openedAt.toISOString(), marking }
  }),
]

/** Before whom an item stands, in which posts. */
export const audienceOf = (tx: Tx, row: store.ItemRow) =>
  store.receivers(tx, { protocolId: row.protocolId, epoch: row.epoch, named: row.toAgencies, originatorAgencyId: row.originatorAgencyId })

const reading: Implementation[] = [
  implement(words.items, async ({ input, tx, actor }) => {
    const found = await store.page(tx, { before: input.before ?? null, kind: input.kind ?? null, limit: pageSize + 1 })
    const shown = found.slice(0, pageSize)
    const own = actor.reach.flatMap((token) => (token.startsWith('agency:') ? [token.slice('agency:'.length)] : []))
    const graded = await scales(tx)
    return {
      items: shown.map((row) => lineOf(row, actor, graded)),
      older: found.length > pageSize ? (shown.at(-1)?.sharedAt ?? null) : null,
      notices: input.before === undefined ? await store.notices(tx, own, actor.personId) : [],
      can: { share: actor.agencyId !== null && (await store.actsFor(tx, actor.agencyId, acting)) },
    }
  }),
  implement(words.item, async ({ input: { itemId }, tx, actor }) => {
    const row = await store.byId(tx, itemId)
    const name = await namesOf(tx)
    const own = actor.reach.includes(`agency:${row.originatorAgencyId}`)
    const shares = actor.agencyId !== null && (await store.actsFor(tx, actor.agencyId, acting))
    const standing = row.state === 'shared'
    return {
      ...lineOf(row, actor, await scales(tx)),
      sharedBy: row.byName,
      post: row.post,
      protocolId: row.protocolId,
      basis: row.basis,
      named: row.toAgencies,
      audience: standing ? [...new Set((await audienceOf(tx, row)).map(({ agencyId }) => name(agencyId)))].sort() : [],
      restricted:
        row.restrictedBecause === null || row.restrictedUntil === null
          ? null
          : { because: row.restrictedBecause, until: row.restrictedUntil },
      caveats: row.caveats,
      text: await store.textOf(tx, itemId),
      madeOf: (await store.byIds(tx, row.derivedFrom)).map(({ id, title }) => ({ id, title })),
      changed: row.changedAt === null ? null : { at: row.changedAt, because: row.changedBecause ?? '' },
      acknowledgedAt: await store.acknowledgedAt(tx, 'sharing.items', itemId, actor.personId),
      can: {
        answer: standing && (await store.mayAnswer(tx, itemId)),
        challenge: standing && !own && actor.agencyId !== null,
        propose: standing && shares,
        log: own || actor.reach.includes('kind:inquiry'),
      },
    }
  }),
  implement(words.itemChoices, async ({ tx, actor }) => {
    const own = ownAgency(actor)
    const name = await namesOf(tx)
    const usable = []
    for (const protocol of await store.inForce(tx)) {
      const mine = protocol.terms.parties.find(({ agencyId }) => agencyId === own)
      if (mine && (await store.actsFor(tx, own, mine.use))) usable.push(protocol)
    }
    return {
      protocols: usable.map(({ id, title, terms }) => ({
        id,
        title,
        kinds: terms.kinds,
        marking: terms.marking,
        handling: terms.handling,
        parties: terms.parties.filter(({ agencyId }) => agencyId !== own).map(({ agencyId }) => ({ id: agencyId, name: name(agencyId) })),
        upward: terms.upward ?? false,
      })),
      agencies: (await agencies(tx)).filter(({ id }) => id !== own).map((one) => ({ id: one.id, name: one.name })),
    }
  }),
  implement(words.previewItem, async ({ input, tx, actor }) => {
    const originatorAgencyId = ownAgency(actor)
    const { protocol, parts } = await looked(tx, input)
    const name = await namesOf(tx)
    const ask = (named: readonly string[] | null) =>
      store.receivers(tx, { protocolId: protocol?.id ?? null, epoch: protocol?.epoch ?? null, named, originatorAgencyId })
    const named = input.agencyIds && input.agencyIds.length > 0 ? input.agencyIds : protocol ? null : (input.agencyIds ?? [])
    const readers = await ask(named)
    const reading = new Set(readers.map(({ agencyId }) => agencyId))
    const caveats = [...new Set([...(input.caveats ?? []), ...parts.flatMap((part) => part.caveats)])].sort()
    const floors = parts.map((part) => part.marking)
    const { marking, sensitive } = await store.marked(tx, input.marking, floors, caveats)
    return {
      readers: readers.map(({ agencyId, kinds }) => ({ name: name(agencyId), posts: kinds })),
      leftOut: protocol ? (await ask(null)).filter(({ agencyId }) => !reading.has(agencyId)).map(({ agencyId }) => name(agencyId)) : [],
      caveats,
      until: input.until ?? null,
      protocolEnds: protocol?.expiresAt ?? null,
      sensitive: sensitive || parts.some((part) => part.sensitive),
      marking,
    }
  }),
]

export const actions: readonly Implementation[] = [...sharing, ...reading]
