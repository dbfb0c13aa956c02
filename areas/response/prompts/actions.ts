import { conflict, invalid, limit, notAllowed } from '#core/errors.ts'
import { type Doing, type Implementation, implement } from '#core/operation/implement.ts'
import { incident } from '../incidents/store.ts'
import { closePrompt, type Prompt, passPrompt, prompts, snoozePrompt } from './contract.ts'
import { forLeader, forSecretariat, isAsleep, mayPass } from './rules.ts'
import * as store from './store.ts'

const hour = 3_600_000
type Here = Pick<Doing<unknown>, 'tx' | 'actor' | 'clock'>

const shown = (prompt: store.PromptRow, now: Date): Prompt => ({ ...prompt, asleep: isAsleep(prompt, now) })

const isDesk = (reach: readonly string[]) => reach.includes('kind:secretariat')

/** An open prompt that this viewer may deal with: the secretariat any, a leader those that were passed to their post. */
async function mine({ tx, actor }: Here, id: string): Promise<store.PromptRow> {
  const prompt = await store.prompt(tx, id)
  if (prompt.closedAt !== null) throw conflict('This was closed already. Nothing was changed.')
  if (!isDesk(actor.reach) && !actor.reach.includes(`post:${prompt.passedTo}`))
    throw notAllowed('This is for the secretariat. Nothing was changed.')
  return prompt
}

async function leadersOf({ tx, clock }: Here, incidentId: string) {
  const now = clock.now()
  const leaders = []
  for (const leader of await store.leaders(tx, incidentId, now)) {
    leaders.push({ ...leader, refusal: mayPass(await store.loadOf(tx, leader.postId, new Date(now.getTime() - hour)), now) })
  }
  return leaders
}

export const actions: readonly Implementation[] = [
  implement(passPrompt, async (doing) => {
    const { input, tx, actor, clock, id } = doing
    const prompt = await mine(doing, input.promptId)
    const leader = (await leadersOf(doing, prompt.incidentId)).find(({ postId }) => postId === input.postId)
    if (!leader)
      throw invalid('postId', 'This post does not lead in this incident just now. Nothing was changed. Choose one of the leaders.')
    if (leader.refusal) throw limit(leader.refusal)
    await store.pass(tx, { id: id(), prompt, postId: leader.postId, by: actor.personId, at: clock.now() })
    return shown(await store.prompt(tx, prompt.id), clock.now())
  }),
  implement(snoozePrompt, async (doing) => {
    const { input, tx, actor, clock } = doing
    const prompt = await mine(doing, input.promptId)
    await store.snooze(tx, prompt.id, new Date(clock.now().getTime() + input.minutes * 60_000), input.reason, actor.personId)
    return shown(await store.prompt(tx, prompt.id), clock.now())
  }),
  implement(closePrompt, async (doing) => {
    const { input, tx, actor, clock } = doing
    const prompt = await mine(doing, input.promptId)
    const at = clock.now()
    await store.close(tx, prompt.id, at, actor.personId, input.done)
    return { id: prompt.id, closedAt: at.toISOString() }
  }),
  implement(prompts, async (doing) => {
    const { input, tx, actor, clock } = doing
    await incident(tx, input.incidentId)
    const now = clock.now()
    const open = await store.open(tx, input.incidentId)
    const desk = isDesk(actor.reach)
    const own = desk ? open : open.filter((prompt) => actor.reach.includes(`post:${prompt.passedTo}`))
    return {
      prompts: (desk ? forSecretariat(own, now) : forLeader(own, now)).map((prompt) => shown(prompt, now)),
      asleep: own.filter((prompt) => isAsleep(prompt, now)).map((prompt) => shown(prompt, now)),
      leaders: desk ? await leadersOf(doing, input.incidentId) : [],
      can: { pass: desk },
    }
  }),
]
