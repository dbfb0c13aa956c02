import { holdsAny, internLabel } from '#core/access/reach.ts'
import { invalid } from '#core/errors.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { putReceivers } from '../city-import/store/network.ts'
import { cityCode } from '../city-import/store.ts'
import {
  editing,
  endLink,
  endProduct,
  endResponsibility,
  endVariant,
  noteLinkTest,
  putLink,
  putMedium,
  putPlace,
  putProduct,
  putResponsibility,
  putVariant,
} from './contract.ts'
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
  implement(putMedium, async ({ input, tx, id }) => ({
    mediumId: await store.putMedium(tx, id(), { ...input, dependsOn: [...new Set(input.dependsOn)] }),
  })),
  implement(putPlace, async ({ input, tx, id }) => ({ placeId: await store.putPlace(tx, id(), input) })),
  implement(putVariant, async ({ input, tx, id }) => {
    await store.must(tx, 'group', input.groupId)
    if (input.incidentType === 'any' && input.band === 'any')
      throw invalid(
        'incidentType',
        'What holds for any incident at any time is no variant. Nothing was changed. Change the group in a review.',
      )
    const sits = input.effect === 'joins' || input.effect === 'leaves'
    if (sits && input.agencyId === null) throw invalid('agencyId', 'Say which agency joins or leaves. Nothing was changed.')
    if (!sits && input.postId === null) throw invalid('postId', 'Say which post chairs or deputises. Nothing was changed.')
    if (input.agencyId !== null) await store.must(tx, 'agency', input.agencyId)
    if (input.postId !== null && sits && (await store.agencyOfPost(tx, input.postId)).agencyId !== input.agencyId)
      throw invalid('postId', "This post is another agency's. Nothing was changed. Choose a post of the agency that joins, or none.")
    if (input.postId !== null) await store.must(tx, 'post', input.postId)
    return { variantId: await store.putVariant(tx, id(), { ...input, agencyId: sits ? input.agencyId : null }) }
  }),
  implement(endVariant, async ({ input, tx, clock }) => {
    await store.must(tx, 'variant', input.variantId)
    await store.endVariant(tx, input.variantId, clock.now(), input.reason)
    return {}
  }),
]
