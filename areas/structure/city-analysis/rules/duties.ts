import type { Network } from '../../network/contract.ts'
import type { Who } from '../contract.ts'
import { type City, type Found, found, listed } from './model.ts'

type Responsibility = Network['responsibilities'][number]

function accountability(network: Network): { activity: string; phase: string; accountable: Responsibility[]; others: Responsibility[] }[] {
  return [...Map.groupBy(network.responsibilities, ({ activity, phase }) => JSON.stringify([activity, phase])).values()].map((rows) => ({
    activity: rows[0]!.activity,
    phase: rows[0]!.phase,
    accountable: rows.filter(({ part }) => part === 'accountable'),
    others: rows.filter(({ part }) => part !== 'accountable'),
  }))
}

/** The law that makes several accountable together; null unless each of them names one. */
const basisOf = (accountable: readonly Responsibility[]) =>
  accountable.every(({ jointBasis }) => jointBasis !== null) ? listed(accountable.map(({ jointBasis }) => jointBasis ?? '')) : null

/** Joint by law, shown with its basis. */
export const jointOf = ({ network, name }: City) =>
  accountability(network).flatMap(({ activity, phase, accountable }) => {
    const basis = basisOf(accountable)
    return accountable.length < 2 || basis === null
      ? []
      : [{ activity, phase, agencies: accountable.map(({ agencyId }) => name(agencyId)).sort(), basis }]
  })

const agency = ({ name }: City, id: string): Who => ({ kind: 'agency', id, name: name(id) })

const phases = ['response', 'transition', 'recovery']

/**
 * One accountable agency for each activity and phase: none, or several without a law, blocks. One finding for each activity, with the phases
 * for which nobody answers: those in which others have a part already weigh more than those that nobody has thought of.
 */
export function accountabilityFindings(city: City): Found[] {
  const known = accountability(city.network)
  const none = [...Map.groupBy(known, ({ activity }) => activity)].flatMap(([activity, rows]) => {
    const left = phases.filter((phase) => !rows.some((row) => row.phase === phase && row.accountable.length > 0))
    const others = rows.filter(({ phase }) => left.includes(phase)).flatMap((row) => row.others)
    return left.length === 0 ? [] : [{ activity, left, others, begun: rows.filter(({ phase }) => left.includes(phase)).length }]
  })
  const nobody = none
    .sort((one, other) => other.begun - one.begun || other.left.length - one.left.length)
    .map(({ activity, left, others }) => {
      const who = [...new Set(others.map(({ agencyId }) => agencyId))].map((id) => agency(city, id))
      const involved = who.length === 0 ? '–' : listed(who.map(({ name }) => name))
      return found('nobody-accountable', who, { activity, phases: left.join(', '), others: involved }, { blocking: true })
    })
  const several = known.flatMap(({ activity, phase, accountable }): Found[] => {
    if (accountable.length < 2 || basisOf(accountable) !== null) return []
    const who = accountable.map(({ agencyId }) => agency(city, agencyId))
    return [found('many-accountable', who, { activity, phase, names: listed(who.map(({ name }) => name)) }, { blocking: true })]
  })
  return [...nobody, ...several]
}

/** Every information product has a producer, a receiver, a protocol and a channel (GAP-03). `values.missing`: which of the four, as keys. */
export function productFindings({ network }: City): Found[] {
  return network.products.flatMap(({ id, name, producerAgencyId, mediumId, protocol, receiverAgencyIds }): Found[] => {
    const missing = [
      producerAgencyId === null && 'producer',
      receiverAgencyIds.length === 0 && 'receiver',
      protocol === null && 'protocol',
      mediumId === null && 'channel',
    ].filter((one) => one !== false)
    return missing.length === 0 ? [] : [found('product-incomplete', [{ kind: 'product', id, name }], { name, missing: missing.join(', ') })]
  })
}
