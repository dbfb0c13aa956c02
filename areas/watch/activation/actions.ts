import { holdsAny, internLabel } from '#core/access/reach.ts'
import { conflict, invalid, notAllowed } from '#core/errors.ts'
import { type Doing, type Implementation, implement } from '#core/operation/implement.ts'
import type { Activated, StoodDown } from '../contract.ts'
import {
  activate,
  activation,
  activations,
  callOutTest,
  decideNotToActivate,
  levels,
  levelsInFull,
  setLevel,
  standDown,
} from './contract.ts'
import { activationClauses, activationMarking, mayActivateOn, postsToCall, rotaClauses, rotaMarking } from './rules.ts'
import * as store from './store.ts'

type Begun = Pick<store.NewActivation, 'purpose' | 'level' | 'incidentType' | 'jurisdiction' | 'criteriaMatched' | 'reason' | 'signalId'>

/** Opens an activation and plans the call-out of its posts. Who holds each is found when it is asked, a moment later, by the duty of call-outs. */
async function begin(
  { tx, actor, clock, id }: Doing<unknown>,
  begun: Begun,
  postIds: readonly string[],
  convened: readonly string[],
  field: string,
) {
  const found = await store.posts(tx, postIds)
  if (found.length < postIds.length)
    throw invalid(field, 'One of these posts is not known here. Nobody was called. Look at the list again.')
  const activationId = id()
  const at = clock.now()
  const label = await internLabel(tx, { clauses: activationClauses(await store.cityCode(tx)), marking: activationMarking })
  const rota = await internLabel(tx, { clauses: rotaClauses, marking: rotaMarking })
  const callBack = await store.callBack(tx, actor.postId, actor.personId)
  await store.open(tx, {
    ...begun,
    id: activationId,
    convened,
    callBack,
    activatedBy: actor.personId,
    activatedPost: actor.postId,
    at,
    label,
  })
  await store.plan(
    tx,
    activationId,
    found.map((post) => ({ id: id(), postId: post.id, agencyId: post.agencyId })),
    at,
    rota,
  )
  return { activationId, posts: found.map((post) => ({ postId: post.id, agencyId: post.agencyId })) }
}

export const actions: readonly Implementation[] = [
  implement(setLevel, async ({ input, tx, clock, id }) => {
    const { retired, asNew, ...level } = input
    if (asNew && (await store.isLevel(tx, level.code)))
      throw invalid('code', 'A level has this code already. Nothing was changed. Choose another code, or change that level.')
    if ((await store.posts(tx, level.callsOut)).length < new Set(level.callsOut).size)
      throw invalid('callsOut', 'One of these posts is not known here. Nothing was changed.')
    if ((await store.groups(tx, level.convenes)).length < new Set(level.convenes).size)
      throw invalid('convenes', 'One of these groups is not known here. Nothing was changed.')
    await store.putLevel(tx, { ...level, id: id(), retiredAt: retired ? clock.now() : null })
    return { code: level.code }
  }),
  implement(levels, ({ tx }) => store.levels(tx)),
  implement(levelsInFull, async ({ tx, actor, clock }) => {
    const posts = await store.postNames(tx)
    const groups = await store.groupNames(tx)
    const set = actor.world.kind === 'live' && (await holdsAny(tx, ['kind:administrator']))
    return {
      levels: (await store.everyLevel(tx)).map((level) => ({
        ...level,
        posts: posts.filter(({ id }) => level.callsOut.includes(id)),
        groups: groups.filter(({ id }) => level.convenes.includes(id)),
      })),
      keepers: await store.keepers(tx, clock.now()),
      can: { set },
      posts: set ? posts : [],
      groups: set ? groups : [],
    }
  }),
  implement(activate, async (doing) => {
    const { input, tx, actor, clock, emit } = doing
    const level = await store.level(tx, input.level)
    if (level === undefined) throw invalid('level', 'There is no such level in this city. Nobody was called. Choose one of the list.')
    const { alsoCall, incidentName, ...begun } = input
    if (input.signalId !== null) {
      const signal = await store.signalFacts(tx, input.signalId)
      if (signal === undefined)
        throw invalid('signalId', 'There is no such signal that you can see here. Nobody was called. Look at the desk again.')
      const refusal = mayActivateOn(signal)
      if (refusal) throw invalid('signalId', `${refusal} Nobody was called.`)
    }
    const { activationId, posts } = await begin(
      doing,
      { ...begun, purpose: 'activation' },
      postsToCall(level.callsOut, alsoCall),
      level.convenes,
      'alsoCall',
    )
    emit('watch.activated', {
      activationId,
      level: level.code,
      levelName: level.name,
      incidentType: input.incidentType,
      jurisdiction: input.jurisdiction,
      ...(incidentName === undefined ? {} : { name: incidentName }),
      signalId: input.signalId,
      groups: level.convenes,
      posts: posts.map((post) => post.postId),
      activatedBy: actor.personId,
      at: clock.now().toISOString(),
    } satisfies Activated)
    return store.activation(tx, activationId)
  }),
  implement(callOutTest, async (doing) => {
    if (doing.actor.world.kind !== 'exercise')
      throw notAllowed('A call-out is tried in an exercise, never in live. Nobody was called. Open an exercise and try it there.')
    const test = {
      purpose: 'test' as const,
      level: 'test',
      incidentType: 'test',
      jurisdiction: 'city',
      criteriaMatched: 'Test of the call-out.',
      reason: 'Test of the call-out.',
      signalId: null,
    }
    const { activationId } = await begin(doing, test, postsToCall(doing.input.postIds, []), [], 'postIds')
    return store.activation(doing.tx, activationId)
  }),
  implement(decideNotToActivate, async ({ input, tx, actor, clock, id }) => {
    const decidedAt = clock.now()
    if (Date.parse(input.reviewAt) <= decidedAt.getTime())
      throw invalid('reviewAt', 'Say a time still to come at which you look at it again.')
    const decision = {
      ...input,
      id: id(),
      decidedBy: actor.personId,
      decidedAt,
      label: await internLabel(tx, { clauses: rotaClauses, marking: activationMarking }),
    }
    await store.decideNot(tx, decision)
    return { id: decision.id, decidedAt: decidedAt.toISOString(), reviewAt: input.reviewAt }
  }),
  implement(standDown, async ({ input, tx, actor, clock, emit }) => {
    const standing = await store.activation(tx, input.activationId)
    if (standing.stoodDownAt !== null) throw conflict('This activation was stood down already. Nothing was changed.')
    if ((await store.standDown(tx, standing.id, clock.now(), actor.personId, input.reason)) === undefined) throw notAllowed()
    emit('watch.stoodDown', { activationId: standing.id, at: clock.now().toISOString(), reason: input.reason } satisfies StoodDown)
    return store.activation(tx, standing.id)
  }),
  implement(activations, ({ tx }) => store.activations(tx)),
  implement(activation, async ({ input, tx, actor }) => ({
    activation: await store.activation(tx, input.activationId),
    callOuts: await store.callOuts(tx, input.activationId),
    asks: await store.asks(tx, input.activationId),
    answers: await store.answers(tx, input.activationId),
    usable: await store.usable(tx, actor.world.kind),
    can: {
      standDown: await holdsAny(tx, ['kind:watch-officer', 'kind:secretariat', 'kind:chair']),
      noteAnswers: await holdsAny(tx, ['kind:watch-officer', 'kind:secretariat']),
    },
  })),
]
