import { agencies } from '#areas/structure/facade.ts'
import { holdsAny, internLabel } from '#core/access/reach.ts'
import { realClock } from '#core/clock.ts'
import { conflict, invalid, notAllowed, notFound } from '#core/errors.ts'
import { type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import { putNotices } from '../notices/store.ts'
import type { Party } from './contract.ts'
import * as words from './contract.ts'
import { changedBetween, pairsWithout, reviewDue, stateOf } from './rules.ts'
import * as store from './store.ts'

const writing = ['kind:executive', 'kind:data-protection', 'kind:legal-adviser', 'kind:secretariat']

const datesOf = (row: store.ProtocolRow, versions: readonly store.VersionRow[]) => ({
  ...row,
  offered: versions.some(({ state, number }) => state === 'offered' && number > (row.versionInForce ?? 0)),
})

type ActsFor = (party: Party) => boolean

/** For which parties can the actor act, in a post of that agency of a kind that signs for it? */
async function actingFor(tx: Tx, reach: readonly string[]): Promise<ActsFor> {
  const posts = reach.filter((token) => token.startsWith('post:')).map((token) => token.slice('post:'.length))
  const held = await store.standsAs(tx, posts)
  return ({ agencyId, sign }) =>
    reach.includes(`agency:${agencyId}`) && held.some((post) => post.agencyId === agencyId && sign.includes(post.kind))
}

/** The version that waits for signatures: the newest offered one that is not in force yet. */
const waiting = (row: store.ProtocolRow, versions: readonly store.VersionRow[]) =>
  versions.filter(({ state, number }) => state === 'offered' && number > (row.versionInForce ?? 0)).at(-1)

/** For which parties of what waits may the actor sign, who has not signed yet? Who is a party today signs as the words in force say. */
function maySign(
  row: store.ProtocolRow,
  versions: readonly store.VersionRow[],
  signed: readonly store.SignatureRow[],
  actsFor: ActsFor,
): string[] {
  const today = versions.find(({ state, number }) => state === 'offered' && number === row.versionInForce)?.terms.parties ?? []
  const version = waiting(row, versions)
  return (version?.terms.parties ?? [])
    .filter(
      (party) =>
        actsFor(today.find(({ agencyId }) => agencyId === party.agencyId) ?? party) &&
        !signed.some((one) => one.versionId === version?.id && one.agencyId === party.agencyId),
    )
    .map(({ agencyId }) => agencyId)
}

const drawing: Implementation[] = [
  implement(words.draftProtocol, async ({ input: { terms }, tx, actor, id }) => {
    const own = terms.parties.find(({ agencyId }) => agencyId === actor.agencyId)
    if (!own || actor.agencyId === null)
      throw invalid('parties', 'Your own agency is a party of what you draft. Nothing was kept. Add it, then send it again.')
    const at = realClock.now()
    const label = await internLabel(tx, { clauses: [[`agency:${actor.agencyId}`]], marking: 'TLP:AMBER' })
    const protocolId = id()
    await store.draft(tx, { id: protocolId, title: terms.title, personId: actor.personId, agencyId: actor.agencyId, at, label })
    await store.write(tx, { id: id(), protocolId, number: 1, terms, personId: actor.personId, at, label })
    return { protocolId }
  }),
  implement(words.reviseProtocol, async ({ input: { protocolId, terms }, tx, actor, id }) => {
    const row = await store.byId(tx, protocolId)
    const newest = (await store.versions(tx, protocolId)).at(-1)
    const at = realClock.now()
    if (newest?.state === 'draft') {
      await store.rewrite(tx, newest.id, terms, actor.personId, at)
      return { number: newest.number }
    }
    const number = (newest?.number ?? 0) + 1
    const label = await internLabel(tx, { clauses: [[`agency:${actor.agencyId ?? row.draftingAgencyId}`]], marking: 'TLP:AMBER' })
    await store.write(tx, { id: id(), protocolId, number, terms, personId: actor.personId, at, label })
    return { number }
  }),
  implement(words.offerProtocol, async ({ input: { protocolId }, tx, actor, emit }) => {
    await store.byId(tx, protocolId)
    const draft = (await store.versions(tx, protocolId)).at(-1)
    if (draft?.state !== 'draft') throw conflict('There is no draft to offer. Nothing was changed. Write one, or wait for the signatures.')
    await store.offer(tx, draft.id)
    const actsFor = await actingFor(tx, actor.reach)
    await putNotices(
      tx,
      draft.terms.parties
        .filter((party) => !actsFor(party))
        .map(({ agencyId, sign }) => ({
          key: `protocol/${draft.id}/offered/${agencyId}`,
          about: { table: 'sharing.protocol_versions', id: draft.id },
          to: { agencyId, kinds: sign },
          due: realClock.now(),
        })),
    )
    emit('sharing.protocolOffered', { protocolId, agencyIds: draft.terms.parties.map(({ agencyId }) => agencyId) })
    return { offered: true as const }
  }),
]

const standing: Implementation[] = [
  implement(words.signProtocol, async ({ input: { protocolId, versionId, agencyId, hash }, tx, emit, id }) => {
    if (waiting(await store.byId(tx, protocolId), await store.versions(tx, protocolId))?.id !== versionId)
      throw conflict('This version is not the one that waits for signatures. Nothing was signed. Read the protocol again.')
    const inForce = await store.sign(tx, { versionId, agencyId, hash, id: id() })
    emit('sharing.protocolSigned', { protocolId, agencyId, inForce })
    return { inForce }
  }),
  implement(words.withdrawFromProtocol, async ({ input: { protocolId, agencyId, reason }, tx, emit }) => {
    await store.byId(tx, protocolId)
    if (!(await store.withdraw(tx, protocolId, agencyId, reason))) throw conflict('This party has left already. Nothing was changed.')
    emit('sharing.partyLeft', { protocolId, agencyId })
    return { withdrawn: true as const }
  }),
  implement(words.endProtocol, async ({ input: { protocolId, reason }, tx, emit }) => {
    await store.byId(tx, protocolId)
    if (!(await store.end(tx, protocolId, reason))) throw conflict('This protocol has ended already. Nothing was changed.')
    emit('sharing.protocolEnded', { protocolId })
    return { ended: true as const }
  }),
]

const reading: Implementation[] = [
  implement(words.protocols, async ({ tx, actor }) => {
    const actsFor = await actingFor(tx, actor.reach)
    const now = realClock.now()
    const [all, versions, signed, parties] = [
      await store.all(tx),
      await store.versions(tx),
      await store.signatures(tx),
      new Map((await agencies(tx)).map(({ id, name }) => [id, name])),
    ]
    return {
      protocols: all.map((row) => {
        const own = versions.filter(({ protocolId }) => protocolId === row.id)
        const dates = datesOf(row, own)
        const shown = own.filter(({ number }) => number === row.versionInForce).at(-1) ?? own.at(-1)
        return {
          id: row.id,
          title: row.title,
          state: stateOf(dates, now),
          parties: shown?.terms.parties.map(({ agencyId }) => parties.get(agencyId) ?? agencyId) ?? [],
          expiresAt: row.expiresAt,
          reviewDue: reviewDue(dates, now),
          toSign: row.endedAt === null && maySign(row, own, signed, actsFor).length > 0,
          label: row.label,
          marking: row.marking,
        }
      }),
      can: {
        draft: actor.agencyId !== null && actor.world.kind === 'live' && (await holdsAny(tx, writing)),
        oversee: await holdsAny(tx, ['kind:data-protection', 'kind:chair', 'kind:inquiry']),
      },
    }
  }),
  implement(words.protocol, async ({ input: { protocolId }, tx, actor }) => {
    const row = await store.byId(tx, protocolId)
    const versions = await store.versions(tx, protocolId)
    const signed = await store.signatures(tx, protocolId)
    const standing = await store.parties(tx, protocolId)
    const names = new Map((await agencies(tx)).map(({ id, name }) => [id, name]))
    const actsFor = await actingFor(tx, actor.reach)
    const dates = datesOf(row, versions)
    const now = realClock.now()
    const inForce = versions.find(({ number }) => number === row.versionInForce)
    const live = actor.world.kind === 'live' && row.endedAt === null
    return {
      id: row.id,
      title: row.title,
      state: stateOf(dates, now),
      inForceFrom: row.inForceFrom,
      expiresAt: row.expiresAt,
      reviewDue: reviewDue(dates, now),
      ended: row.endedAt === null ? null : { at: row.endedAt, reason: row.endReason ?? '' },
      versions: versions.map((version, place) => ({
        ...version,
        state:
          version.number === row.versionInForce
            ? ('in-force' as const)
            : version.number < (row.versionInForce ?? 0)
              ? ('past' as const)
              : version.state,
        signatures: signed.filter(({ versionId }) => versionId === version.id),
        changed: changedBetween(versions[place - 1]?.terms, version.terms),
      })),
      standing,
      agencies: Object.fromEntries(
        versions.flatMap(({ terms }) => terms.parties.map(({ agencyId }) => [agencyId, names.get(agencyId) ?? agencyId])),
      ),
      label: row.label,
      marking: row.marking,
      can: {
        write: live && (await store.mayWrite(tx, protocolId)),
        signFor: live ? maySign(row, versions, signed, actsFor) : [],
        leaveFor: live
          ? (inForce?.terms.parties ?? [])
              .filter((party) => actsFor(party) && standing.some(({ agencyId, leftAt }) => agencyId === party.agencyId && leftAt === null))
              .map(({ agencyId }) => agencyId)
          : [],
      },
    }
  }),
  implement(words.protocolChoices, async ({ tx, actor }) => ({
    agencies: (await agencies(tx)).map(({ id, name }) => ({ id, name, own: id === actor.agencyId })),
  })),
  implement(words.gaps, async ({ input: { agencyIds }, tx, actor }) => {
    const names = new Map((await agencies(tx)).map(({ id, name }) => [id, name]))
    if (agencyIds.some((one) => !names.has(one))) throw notFound()
    // Only whoever works for all, or for one of them, is told: where nothing is agreed is where the city is weak.
    if (!agencyIds.includes(actor.agencyId ?? '') && !(await holdsAny(tx, ['kind:secretariat', 'kind:chair', 'kind:data-protection'])))
      throw notAllowed()
    const now = realClock.now()
    const open = new Set((await store.all(tx)).filter((row) => stateOf({ ...row, offered: false }, now) === 'in-force').map(({ id }) => id))
    const joined = new Map<string, string[]>()
    for (const party of await store.parties(tx))
      if (party.leftAt === null && open.has(party.protocolId))
        joined.set(party.protocolId, [...(joined.get(party.protocolId) ?? []), party.agencyId])
    return {
      gaps: pairsWithout(agencyIds, [...joined.values()]).map(([one, other]) => ({
        between: [names.get(one) ?? one, names.get(other) ?? other] as [string, string],
      })),
      basis: `Protocols in force that you can read, on ${now.toISOString().slice(0, 10)}. Others may exist.`,
    }
  }),
]

export const actions: readonly Implementation[] = [...drawing, ...standing, ...reading]
