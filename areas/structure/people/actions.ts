import { holdsAny } from '#core/access/reach.ts'
import { invalid } from '#core/errors.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { knownCodes, storeCity } from '../city-import/actions/store-city.ts'
import { CityFile } from '../city-import/contract.ts'
import { strays } from '../city-import/rules.ts'
import { refreshTokens } from '../city-import/store.ts'
import { raisedMarking } from '../directory/contract.ts'
import { agency as agencyOf, personByCode, posts as everyPost } from '../directory/store/who.ts'
import { kindsOfHoldings, reviewFindings } from '../findings/actions.ts'
import { addPerson, people } from './contract.ts'
import { codeOf } from './rules.ts'
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
  implement(people, async ({ tx, actor, clock }) => ({
    people: await store.people(tx, clock.now()),
    hours: await store.hours(tx),
    can: { add: actor.world.kind === 'live' && (await holdsAny(tx, ['kind:administrator'])) },
    marking: raisedMarking,
  })),
]

/** What a walk in steps comes to: one person is no long list. */
function cameTo<T>(steps: Generator<void, T>): T {
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value
}
