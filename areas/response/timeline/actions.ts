import { itemsOfIncident } from '#areas/sharing/facade.ts'
import { gradingWords } from '#core/access/grading.ts'
import { internLabel } from '#core/access/reach.ts'
import { scales } from '#core/access/schemes/store.ts'
import { notFound } from '#core/errors.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { incident, labelledIncident, membersClause } from '../incidents/store.ts'
import { correctEntry, sharedForIncident, timeline, writeEntry } from './contract.ts'
import { agenciesNamed } from './rules.ts'
import * as store from './store.ts'

export const actions: readonly Implementation[] = [
  implement(writeEntry, async (doing) => {
    const { input, tx, actor, emit } = doing
    const { label: own } = await labelledIncident(tx, input.incidentId)
    const label = input.label
      ? await internLabel(tx, {
          clauses: [await membersClause(tx, input.incidentId), ...input.label.clauses],
          marking: input.label.marking,
        })
      : own
    const named = [...new Set([...input.named, ...agenciesNamed(input.text, await store.nameable(tx, input.incidentId))])]
    const id = await store.putEntry(doing, {
      incidentId: input.incidentId,
      label,
      kind: 'note',
      text: input.text,
      occurredAt: input.occurredAt,
      lateReason: input.lateReason,
      postId: input.postId ?? actor.postId,
      named,
    })
    emit('response.entryWritten', { incidentId: input.incidentId, entryId: id })
    return store.entry(tx, id)
  }),
  implement(correctEntry, async (doing) => {
    const { input, tx, actor } = doing
    const old = await store.placeOf(tx, input.entryId)
    if (!old) throw notFound()
    const named = agenciesNamed(input.text, await store.nameable(tx, old.incidentId))
    const id = await store.putEntry(doing, {
      ...old,
      kind: 'correction',
      text: input.text,
      corrects: input.entryId,
      postId: actor.postId,
      named,
    })
    return store.entry(tx, id)
  }),
  implement(sharedForIncident, async ({ input, tx }) => {
    await incident(tx, input.incidentId)
    const known = await scales(tx)
    return {
      items: (await itemsOfIncident(tx, input.incidentId)).map(
        ({ id, title, originator, sharedAt, grading, gradedBy, label, marking }) => ({
          id,
          title,
          originator,
          sharedAt,
          graded: grading === null ? null : { ...gradingWords(grading, known), by: gradedBy },
          label,
          marking,
        }),
      ),
    }
  }),
  implement(timeline, async ({ input, tx }) => {
    await incident(tx, input.incidentId)
    return store.page(tx, input.incidentId, input.before, input.limit)
  }),
]
