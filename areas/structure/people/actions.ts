import { holdsAny } from '#core/access/reach.ts'
import { queueMessages } from '#core/channels/outbox/store.ts'
import { conflict, invalid, notAllowed, notFound } from '#core/errors.ts'
import { type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import { knownCodes, storeCity } from '../city-import/actions/store-city.ts'
import { CityFile } from '../city-import/contract.ts'
import { contactsFrom, strays } from '../city-import/rules.ts'
import { personLabels, putContacts, refreshTokens } from '../city-import/store.ts'
import { raisedMarking } from '../directory/contract.ts'
import { agency as agencyOf, personByCode, posts as everyPost } from '../directory/store/who.ts'
import { kindsOfHoldings, reviewFindings } from '../findings/actions.ts'
import { addPerson, changePerson, closePerson, people, person, reopenPerson } from './contract.ts'
import { codeOf, deedsOf } from './rules.ts'
import * as store from './store.ts'

/** Where a list names a column, the form has this field. */
const fieldOf: Readonly<Record<string, string>> = { agency: 'agencyId' }

export const actions: readonly Implementation[] = [
  implement(addPerson, async ({ input, tx, clock, id, emit }) => {
    const { agencyId, holds, since, code: given, ...said } = input
    const at = clock.now()
    const { orgType, orgCode } = await agencyOf(tx, agencyId)
    const wanted = new Set(holds)
    const held = (await everyPost(tx)).filter((post) => wanted.has(post.id))
    if (held.length < wanted.size) throw invalid('holds', 'One of these posts is not known here. Nobody was added. Look at the list again.')
    const known = await knownCodes(tx)
    const code = given ?? codeOf(input.name, known.people)
    if (known.people.has(code)) throw invalid('code', `${code} is somebody already. Nobody was added. Choose another code.`)
    const file = CityFile.parse({
      people: [{ ...said, code, agency: `${orgType}:${orgCode}` }],
      holdings: held.map((post) => ({ post: post.code, person: code, capacity: 'holder' })),
    })
    const [stray] = cameTo(strays(file, known))
    if (stray) throw invalid(stray.list === 'people' ? (fieldOf[stray.field] ?? stray.field) : 'holds', `${stray.words} Nobody was added.`)
    const counts = await storeCity(tx, file, { at, since: since === undefined ? at : new Date(since), id })
    await reviewFindings(tx, at, 'structure.addPerson', id, kindsOfHoldings)
    await refreshTokens(tx, at)
    emit('structure.changed', { counts })
    return { personId: (await personByCode(tx, code)).id, code }
  }),
  implement(changePerson, async ({ input, tx, clock, id, emit }) => {
    const was = await toKeep(tx, input.personId)
    const said = <T>(value: T | undefined, before: T): T => (value === undefined ? before : value)
    const now = {
      id: was.id,
      agencyId: was.agencyId,
      name: said(input.name, was.name),
      mail: said(input.mail, was.mail),
      mobile: said(input.mobile, was.mobile),
      language: said(input.language, was.language),
      needs: said(input.needs, was.needs) || null,
    }
    const outcome = await store.changeAccount(tx, { ...now, reason: input.reason })
    if (outcome !== 'done') throw refusalOf[outcome]()
    await store.changeWords(tx, now)
    if (now.mail !== was.mail || now.mobile !== was.mobile || now.needs !== was.needs)
      await reach(tx, { ...now, mail: now.mail === was.mail ? (was.writtenTo ?? now.mail) : now.mail }, clock.now(), id)
    const told = now.mail !== was.mail && (await tellOld(tx, was, clock.now(), id))
    // Findings name people.
    if (now.name !== was.name) await reviewFindings(tx, clock.now(), 'structure.changePerson', id, kindsOfHoldings)
    emit('structure.personChanged', { personId: was.id })
    return { personId: was.id, told }
  }),
  implement(closePerson, async ({ input: { personId, reason }, tx, clock, id, emit }) => {
    const was = await toKeep(tx, personId)
    const outcome = await store.closeAccount(tx, personId, reason)
    if (outcome !== 'done') throw refusalOf[outcome]()
    const at = clock.now()
    await tellOld(tx, was, at, id)
    const held = await store.endHeld(tx, personId, at)
    for (const { id: holdingId, postId } of held) emit('structure.holdingEnded', { holdingId, postId })
    await store.leave(tx, personId, at)
    await refreshTokens(tx, at)
    await reviewFindings(tx, at, 'structure.closePerson', id, kindsOfHoldings)
    emit('structure.personLeft', { personId })
    return { personId, ended: held.length }
  }),
  implement(reopenPerson, async ({ input: { personId, mail, reason }, tx, clock, id, emit }) => {
    const was = await toKeep(tx, personId)
    const outcome = await store.reopenAccount(tx, personId, mail, reason)
    if (outcome !== 'done') throw refusalOf[outcome]()
    await store.comeBack(tx, personId)
    await reach(tx, { ...was, mail }, clock.now(), id)
    await refreshTokens(tx, clock.now())
    emit('structure.personBack', { personId })
    return { personId }
  }),
  implement(person, async ({ input, tx, actor }) => {
    const { id, code, name, agencyName, mail, mobile, language, needs, leftAt } = await store.kept(tx, input.personId)
    return { id, code, name, agencyName, mail, mobile, language, needs, leftAt, own: id === actor.personId }
  }),
  implement(people, async ({ tx, actor, clock }) => {
    const keeps = actor.world.kind === 'live' && (await holdsAny(tx, ['kind:administrator']))
    const provided = await store.provided(tx)
    return {
      people: (await store.people(tx, clock.now())).map((one) => ({
        ...one,
        provided: provided.has(one.id),
        deeds: keeps ? deedsOf(one, provided.has(one.id), actor.personId) : [],
      })),
      hours: await store.hours(tx),
      can: { add: keeps },
      moved: await store.moved(tx),
      marking: raisedMarking,
    }
  }),
]

/** What a walk in steps comes to: one person is no long list. */
function cameTo<T>(steps: Generator<void, T>): T {
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value
}

const refusalOf: Readonly<Record<Exclude<store.Changed | store.Closed | store.Reopened, 'done'>, () => Error>> = {
  absent: () => notFound(),
  provided: () =>
    conflict('A directory provides this person: their account is changed and closed there, and follows here. Nothing was changed.'),
  closed: () => conflict('This person has left, and their account is closed. Nothing was changed. Open it again first.'),
  open: () => conflict('The account of this person is open. Nothing was changed.'),
  taken: () => invalid('mail', 'Somebody else signs in with this address. Nothing was changed. Look at the address again.'),
  guarded: () =>
    notAllowed(
      'Nobody changes the address with which they administer the city by themselves. Nothing was changed. Ask somebody else who administers it.',
    ),
  self: () => conflict('Nobody closes themselves. Nothing was changed. Ask somebody else who administers the city.'),
  last: () =>
    conflict(
      'Nobody else would administer the city a week from now. Nothing was changed. Let somebody else hold an administrator’s post first, without an end.',
    ),
}

/** As they are kept, and as nobody else changes them until this is done. */
async function toKeep(tx: Tx, personId: string): Promise<store.Kept> {
  await store.takeTurn(tx)
  return store.kept(tx, personId)
}

/** Tells the address that was theirs, if there was one, that it is theirs no longer: whoever closes an account and opens it again under another address is seen as well. */
async function tellOld(tx: Tx, was: store.Kept, at: Date, id: () => string): Promise<boolean> {
  if (was.mail === null) return false
  const language = was.language === 'fr' ? ('fr' as const) : ('en' as const)
  const words = { language, callBack: was.callBack ?? '', at: at.toISOString(), zone: was.zone }
  await queueMessages(tx, [{ key: `address-changed/${id()}`, kind: 'address-changed', channel: 'mail', to: was.mail, words }])
  return true
}

/** By which ways a call-out reaches them from now on, in the order of a list's; ways that are no more are ended. */
async function reach(
  tx: Tx,
  who: { id: string; agencyId: string; mail: string | null; mobile: string | null; needs: string | null },
  at: Date,
  id: () => string,
): Promise<void> {
  const said = contactsFrom({ mail: who.mail ?? undefined, mobile: who.mobile ?? undefined, needs: who.needs ?? undefined })
  const others = (await store.otherWays(tx, who.id)).map((way, place) => ({ ...way, rank: said.length + place + 1 }))
  const known = await store.contactIds(tx, who.id)
  const label = (await personLabels(tx, [who])).get(who.id)
  const ways = [...said, ...others].map((way) => ({ ...way, id: known.get(way.rank) ?? id(), person_id: who.id, label }))
  await putContacts(tx, ways)
  await store.endContactsAfter(tx, who.id, ways.length, at)
}
