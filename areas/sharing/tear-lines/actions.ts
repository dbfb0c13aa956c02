import { agencies, agency } from '#areas/structure/facade.ts'
import { conflict, invalid } from '#core/errors.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { canonical, ownAgency } from '../items/actions.ts'
import { actsFor, byId as itemById, inForce, mayAnswer, receivers } from '../items/store.ts'
import { putNotices } from '../notices/store.ts'
import * as words from './contract.ts'
import * as store from './store.ts'

/** Posts of the originator's agency that approve; the same stand in SQL (sharing.decide_release). */
const deciding = ['executive', 'data-protection'] as const

export const actions: readonly Implementation[] = [
  implement(words.proposeRelease, async ({ input, tx, actor, clock }) => {
    const { originatorAgencyId } = await itemById(tx, input.itemId)
    if (input.protocolId !== undefined && !(await inForce(tx)).some(({ id }) => id === input.protocolId))
      throw invalid('protocolId', 'This protocol is not in force. Nothing was kept. Choose another, or name who may read it.')
    for (const one of input.agencyIds ?? []) await agency(tx, one)
    const at = clock.now()
    const releaseId = await store.propose(tx, { ...input, ...(await canonical(tx, input.marking)), agencyId: ownAgency(actor), at })
    await putNotices(tx, [
      {
        key: `release/${releaseId}`,
        about: { table: 'sharing.releases', id: releaseId },
        to: { agencyId: originatorAgencyId, kinds: deciding },
        due: at,
      },
    ])
    return { releaseId }
  }),
  implement(words.decideRelease, async ({ input: { releaseId, approve, words: said }, tx, clock }) => {
    await store.byId(tx, releaseId)
    if (!(await store.decide(tx, releaseId, approve, said, clock.now())))
      throw conflict('This was decided already. Nothing was changed. Look at what stands there now.')
    return { state: approve ? ('approved' as const) : ('refused' as const) }
  }),
  implement(words.tearLines, async ({ input: { itemId }, tx, actor }) => {
    const item = await itemById(tx, itemId)
    const names = new Map((await agencies(tx)).map(({ id, name }) => [id, name]))
    const open = new Map((await inForce(tx)).map(({ id, epoch }) => [id, epoch]))
    const standing = item.state === 'shared'
    const decides = standing && (await actsFor(tx, item.originatorAgencyId, deciding))
    const answers = standing && (await mayAnswer(tx, itemId))
    const releases = []
    for (const row of await store.ofItem(tx, itemId)) {
      const readers = await receivers(tx, {
        protocolId: row.protocolId,
        epoch: row.protocolId === null ? null : (open.get(row.protocolId) ?? null),
        named: row.toAgencies,
        originatorAgencyId: item.originatorAgencyId,
      })
      releases.push({
        id: row.id,
        kind: row.kind,
        title: row.title,
        text: row.text,
        marking: row.marking,
        protocolId: row.protocolId,
        protocol: row.protocol,
        basis: row.basis,
        agencyIds: row.toAgencies,
        audience: [...new Set(readers.map(({ agencyId }) => names.get(agencyId) ?? agencyId))].sort(),
        until: row.untilAt,
        proposedBy: row.proposer,
        proposedAt: row.proposedAt,
        state: row.sentAs === null ? row.state : ('sent' as const),
        decided: row.decidedAt === null ? null : { by: row.decider, at: row.decidedAt, words: row.decidedWords ?? '' },
        sentAs: row.sentAs,
        label: row.label,
        can: {
          decide: decides && row.state === 'proposed' && row.proposedBy !== actor.personId,
          send: answers && row.state === 'approved' && row.sentAs === null,
        },
      })
    }
    return { releases }
  }),
]
