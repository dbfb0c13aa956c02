import { conflict, invalid, notAllowed } from '#core/errors.ts'
import { type Doing, type Implementation, implement } from '#core/operation/implement.ts'
import { labelFor } from '../decisions/actions/record.ts'
import { incident } from '../incidents/store.ts'
import { posts } from '../loggist/store.ts'
import { putEntry } from '../timeline/store.ts'
import { acceptTask, closeTask, completeTask, giveTask, type Task, tasks } from './contract.ts'
import { lateness, mayOf, stateOf } from './rules.ts'
import * as store from './store.ts'

type Here = Pick<Doing<unknown>, 'tx' | 'actor' | 'clock' | 'id'>

const shown = (task: store.TaskRow, { actor, clock }: Here): Task => ({
  ...task,
  state: stateOf(task),
  late: lateness(task, clock.now()),
  can: mayOf(task, actor),
})

/** A line of the timeline under the task's own label, then the task as it stands. */
async function said(here: Here, code: string, id: string): Promise<Task> {
  const task = await store.task(here.tx, id)
  await putEntry(here, {
    incidentId: task.incidentId,
    label: task.label,
    kind: 'task',
    code,
    params: { words: task.words, owner: task.ownerPost, agency: task.ownerAgency, taskId: task.id },
    postId: here.actor.postId,
  })
  return shown(task, here)
}

export const actions: readonly Implementation[] = [
  implement(giveTask, async (doing) => {
    const { input, tx, actor, clock, id, emit } = doing
    await incident(tx, input.incidentId)
    const now = clock.now()
    const neutral = await store.neutral(tx, input.incidentId)
    if (neutral && (neutral.personId === actor.personId || neutral.postId === input.onBehalfOf)) {
      throw notAllowed(
        'The neutral commander challenges and guards the process, and gives no tasks. Nothing was changed. Ask the chair or the lead agency.',
      )
    }
    if (new Date(input.dueAt) <= now) throw invalid('dueAt', 'Say by when it is to be done: a time to come.')
    const task = {
      ...input,
      id: id(),
      givenBy: actor.personId,
      givenAt: now,
      acceptBy: new Date(now.getTime() + input.acceptWithinMinutes * 60_000),
      label: await labelFor(doing, input.incidentId, input.restrictTo, input.marking),
    }
    await store.put(tx, task)
    emit('response.taskGiven', { id: task.id, incidentId: input.incidentId })
    return said(doing, 'task.given', task.id)
  }),
  implement(acceptTask, async (doing) => {
    const task = await store.task(doing.tx, doing.input.taskId)
    if (!doing.actor.reach.includes(`post:${task.ownerPostId}`))
      throw notAllowed(`This task is for ${task.ownerPost}. Nothing was changed.`)
    if (task.acceptedAt !== null) return shown(task, doing)
    await store.accept(doing.tx, task.id, doing.actor.personId, doing.clock.now())
    return said(doing, 'task.accepted', task.id)
  }),
  implement(completeTask, async (doing) => {
    const task = await store.task(doing.tx, doing.input.taskId)
    if (!doing.actor.reach.includes(`post:${task.ownerPostId}`))
      throw notAllowed(`This task is for ${task.ownerPost}. Nothing was changed.`)
    if (task.doneAt !== null) throw conflict('This task was done already. Nothing was changed.')
    await store.complete(doing.tx, task.id, doing.actor.personId, doing.clock.now(), doing.input.evidence)
    return said(doing, 'task.done', task.id)
  }),
  implement(closeTask, async (doing) => {
    const task = await store.task(doing.tx, doing.input.taskId)
    if (task.doneAt === null) throw conflict('This task is not done yet. Nothing was changed.')
    if (!mayOf(task, doing.actor).close)
      throw conflict('A task of high priority is closed by somebody other than who did it. Nothing was changed.')
    await store.close(doing.tx, task.id, doing.actor.personId, doing.clock.now())
    return said(doing, 'task.closed', task.id)
  }),
  implement(tasks, async (doing) => {
    const { input, tx, actor } = doing
    await incident(tx, input.incidentId)
    const found = (await store.tasksOf(tx, input.incidentId)).map((task) => shown(task, doing))
    const neutral = await store.neutral(tx, input.incidentId)
    const rank = { overdue: 0, 'not-accepted': 1, no: 2 }
    const order = { given: 0, accepted: 0, done: 1, closed: 2 }
    return {
      tasks: found.sort((a, b) => rank[a.late] - rank[b.late] || order[a.state] - order[b.state] || a.dueAt.localeCompare(b.dueAt)),
      owners: await posts(tx, input.incidentId),
      can: {
        give:
          neutral?.personId !== actor.personId &&
          ['loggist', 'secretariat', 'chair', 'executive'].some((kind) => actor.reach.includes(`kind:${kind}`)),
      },
    }
  }),
]
