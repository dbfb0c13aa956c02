import { holdsAny, internLabel } from '#core/access/reach.ts'
import { invalid } from '#core/errors.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { putReceivers } from '../city-import/store/network.ts'
import { cityCode } from '../city-import/store.ts'
import { editing, endLink, endProduct, endResponsibility, noteLinkTest, putLink, putProduct, putResponsibility } from './contract.ts'
import * as store from './store.ts'

export const actions: readonly Implementation[] = [
  implement(editing, async ({ tx }) => ({ edit: await holdsAny(tx, ['kind:administrator']), testable: await store.testable(tx) })),
  implement(putLink, async ({ input, tx, id }) => {
    if (input.from.id === input.to.id) throw invalid('to', 'A link joins two different ends. Nothing was changed. Choose another end.')
    if (input.primaryMediumId !== null && input.primaryMediumId === input.backupMediumId)
      throw invalid('backupMediumId', 'A medium cannot be its own backup. Nothing was changed. Choose another, or none.')
    await store.must(tx, input.from.kind, input.from.id)
    await store.must(tx, input.to.kind, input.to.id)
    for (const medium of [input.primaryMediumId, input.backupMediumId]) if (medium !== null) await store.must(tx, 'medium', medium)
    return { linkId: await store.putLink(tx, id(), input) }
  }),
  implement(endLink, async ({ input, tx, clock }) => {
    await store.must(tx, 'link', input.linkId)
    await store.endLink(tx, input.linkId, clock.now(), input.reason)
    return {}
  }),
  implement(noteLinkTest, async ({ input, tx, clock }) => {
    await store.must(tx, 'link', input.linkId)
    const at = input.at === undefined ? clock.now() : new Date(input.at)
    if (at > clock.now()) throw invalid('at', 'A test that is still to come proves nothing. Nothing was changed. Write when it was.')
    return { testedAt: await store.noteTest(tx, input.linkId, at) }
  }),
  implement(putResponsibility, async ({ input, tx, id }) => {
    if (input.jointBasis !== null && input.part !== 'accountable')
      throw invalid('jointBasis', 'Only agencies that are accountable are so together by law. Nothing was changed. Leave this empty.')
    await store.must(tx, 'agency', input.agencyId)
    return { responsibilityId: await store.putResponsibility(tx, id(), input) }
  }),
  implement(endResponsibility, async ({ input, tx, clock }) => {
    await store.must(tx, 'responsibility', input.responsibilityId)
    await store.endResponsibility(tx, input.responsibilityId, clock.now(), input.reason)
    return {}
  }),
  implement(putProduct, async ({ input, tx, clock, id }) => {
    const receivers = [...new Set(input.receiverAgencyIds)]
    for (const agency of [...(input.producerAgencyId === null ? [] : [input.producerAgencyId]), ...receivers])
      await store.must(tx, 'agency', agency)
    if (input.mediumId !== null) await store.must(tx, 'medium', input.mediumId)
    const productId = await store.putProduct(tx, id(), input)
    const label = await internLabel(tx, { clauses: [[`city:${await cityCode(tx)}`]], marking: 'TLP:AMBER' })
    const named: { id: string; product_id: string; agency_id: string | null }[] =
      receivers.length === 0
        ? [{ id: id(), product_id: productId, agency_id: null }]
        : receivers.map((agency) => ({ id: id(), product_id: productId, agency_id: agency }))
    await putReceivers(tx, label, clock.now(), named)
    return { productId }
  }),
  implement(endProduct, async ({ input, tx, clock }) => {
    await store.must(tx, 'product', input.productId)
    await store.endProduct(tx, input.productId, clock.now(), input.reason)
    return {}
  }),
]
