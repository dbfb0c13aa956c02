import { createHash } from 'node:crypto'
import { conflict, notAllowed, notFound } from '#core/errors.ts'
import { type Implementation, implement, type NameTokens, type Organisation, type Tx } from '#core/operation/implement.ts'
import { internLabel } from '../reach.ts'
import { audienceWords, markingWords } from './audience.ts'
import * as words from './contract.ts'
import { needed } from './rules.ts'
import * as store from './store.ts'

/** What the doors know and core does not: names of tokens (areas), and whether some channel can wake people (configuration). */
export interface Outside {
  names: NameTokens
  /** Whom markings may name. */
  organisations(tx: Tx): Promise<readonly Organisation[]>
  wakesPeople(): boolean
}

export const codeHash = (code: string): Buffer => createHash('sha256').update(`plea ${code}`).digest()

async function postsOf(tx: Tx, outside: Outside, reach: readonly string[]): Promise<words.Post[]> {
  const tokens = reach.filter((token) => token.startsWith('post:')).sort()
  const names = tokens.length > 0 ? await outside.names(tx, tokens) : {}
  return tokens.map((token) => ({ id: token.slice(5), name: names[token]?.name ?? token.slice(5), agency: names[token]?.agency ?? null }))
}

const ownSessions = (outside: Outside): Implementation[] => [
  implement(words.self, async ({ tx, actor, clock }) => {
    const posts = await postsOf(tx, outside, actor.reach)
    const { code, name, timeZone } = await store.city(tx)
    return {
      person: { id: actor.personId, name: actor.name },
      language: await store.language(tx, actor.personId),
      post: posts.find(({ id }) => id === actor.postId) ?? null,
      posts,
      kinds: actor.reach
        .filter((token) => token.startsWith('kind:'))
        .map((token) => token.slice(5))
        .sort(),
      world: actor.world,
      city: { code, name },
      zone: timeZone,
      notForLiveCallOut: !outside.wakesPeople(),
      time: { worldAt: clock.now().toISOString(), realAt: new Date().toISOString(), rate: await store.rateOf(tx, actor.world.id) },
      session: await store.here(tx),
    }
  }),
  implement(words.choosePost, async ({ input, tx, actor }) => {
    const post = (await postsOf(tx, outside, actor.reach)).find(({ id }) => id === input.postId) ?? null
    if (input.postId !== null && post === null)
      throw notAllowed('You do not hold this post now. Nothing was changed. Choose one of your posts.')
    await store.choosePost(tx, input.postId)
    return { post }
  }),
  implement(words.chooseLanguage, async ({ input, tx, actor }) => {
    await store.chooseLanguage(tx, actor.personId, input.language)
    return input
  }),
  implement(words.ways, async ({ tx, actor }) => ({
    sessions: await store.sessions(tx),
    passkeys: (await store.passkeys(tx)).map(({ id, name, addedAt, usedAt, synced }) => ({ id, name, addedAt, usedAt, synced })),
    notes: await store.notes(tx, actor.personId),
  })),
  implement(words.endSession, async ({ input, tx }) => {
    if ((await store.endSession(tx, input.id)) === 0) throw notFound()
    return { ended: 1 as const }
  }),
  implement(words.endSessions, async ({ input, tx }) => ({ ended: await store.endSessions(tx, input.hereToo) })),
  implement(words.namePasskey, async ({ input, tx }) => {
    if ((await store.namePasskey(tx, input.id, input.name)) === 0) throw notFound()
    return { named: 1 as const }
  }),
  implement(words.removePasskey, async ({ input, tx, actor, emit }) => {
    await requireSure(tx)
    if ((await store.removePasskey(tx, input.id)) === 0) throw notFound()
    emit('access.passkeyRemoved', { personId: actor.personId })
    return { removed: 1 as const }
  }),
]

/** Before a grave act: refuses unless a passkey was shown in this window within the last minutes (access.setRule: strong). */
export async function requireStrong(tx: Tx): Promise<void> {
  if (!(await store.isStrong(tx))) {
    throw notAllowed(
      'This asks for your passkey again. Nothing was changed and what you wrote is kept. Confirm with your passkey, then send it again.',
    )
  }
}

/** A window just opened, or a passkey shown again within the last minutes. Throws not allowed. */
export async function requireSure(tx: Tx): Promise<void> {
  if (!(await store.here(tx)).sure) await requireStrong(tx)
}

const unknownCode = () =>
  notFound('Nobody is waiting under this code. Nothing was changed. Ask for it to be read out again; codes end after half an hour.')

const vouching: Implementation[] = [
  implement(words.plea, async ({ input, tx }) => {
    await requireStrong(tx)
    const asked = await store.plea(tx, codeHash(input.code))
    if (!asked) throw unknownCode()
    return asked
  }),
  implement(words.vouch, async ({ input, tx, actor, id, emit }) => {
    await requireStrong(tx)
    if (input.personId === actor.personId) throw conflict('Nobody vouches for themselves. Nothing was changed. Ask two colleagues.')
    const given = await store.vouch(tx, id(), codeHash(input.code), input.personId)
    if (!given) throw unknownCode()
    // For the person, the executive post of their agency and the administrators: whoever keeps messages reacts.
    emit('access.vouched', { personId: input.personId, voucherId: actor.personId, ready: given.ready })
    if (given.ready) emit('access.vouchedIn', { personId: input.personId, voucherIds: given.vouchers })
    return { ready: given.ready, stillNeeded: needed(given.vouchers.length, given.related) }
  }),
]

const administration: Implementation[] = [
  implement(words.groups, async ({ tx }) => ({ groups: await store.groups(tx) })),
  implement(words.mapGroup, async ({ input, tx, id }) => {
    const label = await internLabel(tx, { clauses: [['kind:administrator', 'kind:inquiry']], marking: 'TLP:AMBER' })
    return store.mapGroup(tx, id(), input.group, [...new Set(input.tokens)].sort(), label)
  }),
  implement(words.unmapGroup, async ({ input, tx, clock }) => {
    await store.unmapGroup(tx, input.id, clock.now())
    return { ended: true as const }
  }),
  implement(words.rule, ({ tx }) => store.rule(tx)),
  implement(words.setRule, ({ input, tx }) => store.setRule(tx, input)),
  implement(words.devices, async ({ tx }) => ({ devices: await store.devices(tx) })),
  implement(words.endDevice, async ({ input, tx, emit }) => {
    if ((await store.endDevice(tx, input.id)) === 0) throw notFound()
    emit('access.deviceEnded', { personId: input.id })
    return { ended: 1 as const }
  }),
]

export const actions = (outside: Outside): readonly Implementation[] => [
  ...ownSessions(outside),
  ...vouching,
  ...administration,
  implement(words.audience, async ({ input, tx, actor }) => {
    const { clauses, marking } = await store.labelById(tx, input.label)
    const all = await store.reasons(tx, input.label)
    // Areas name their tokens, and what a token came from: a post held, a protocol.
    const names = await outside.names(tx, [...new Set([...clauses.flat(), ...all.map(({ source }) => source)])])
    const { name, timeZone: zone } = await store.city(tx)
    const language = await store.language(tx, actor.personId)
    const called = new Map((await outside.organisations(tx)).map((one) => [one.word, one.name]))
    return { ...audienceWords(clauses, actor, names, language, name, { zone, all }), says: markingWords(marking, called, language) }
  }),
]
