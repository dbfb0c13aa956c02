import type { Area } from '#core/operation/implement.ts'
import { organisationsOf } from '#core/operation/organisations.ts'
import { actions as availability } from './availability/actions.ts'
import { actions as bundling } from './bundle/actions.ts'
import { forms } from './forms.ts'
import type { Machine } from './machine.ts'
import { actions as packing } from './pack/actions.ts'
import { actions as proving } from './proving/actions.ts'
import { actions as reading } from './reading/actions.ts'
import { actions as retention, retaining } from './retention/actions.ts'
import { actions as standing } from './standing/actions.ts'
import { actions as threads } from './threads/actions.ts'

const real = () => new Date()

/** What the record shows by itself. `machine`: what this process knows of keys and sealing, filled in by whoever starts it. */
const ofItself = (machine: Machine): Area => ({
  name: 'record',
  features: [reading, availability, proving(machine, real), standing(machine, real), bundling(real)],
  offline: forms,
})

export const area: Area = ofItself({})

/** The record with what the areas above say of it: what belongs to an incident, and how a pack shows it. */
export function recordArea(above: readonly Area[], machine: Machine = {}): Area {
  const sections = above.flatMap((one) => one.packSections ?? [])
  const own = ofItself(machine)
  return {
    ...own,
    features: [...own.features, retention(sections), packing(sections, organisationsOf(above)), threads(above)],
    jobs: [retaining],
  }
}
