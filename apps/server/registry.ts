import { area as response } from '#areas/response/area.ts'
import { area as sharing } from '#areas/sharing/area.ts'
import { structureArea } from '#areas/structure/area.ts'
import { accessArea } from '#core/access/area.ts'
import { channelsFromEnvironment, wakesPeople } from '#core/channels/configuration.ts'
import type { Area } from '#core/operation/implement.ts'
import { recordArea } from '#core/record/area.ts'
import type { Machine } from '#core/record/machine.ts'
import { area as watch } from '#areas/watch/area.ts'
import { registryOf } from '#core/operation/perform.ts'

/** The areas of the mission that have something to show, lowest first. */
const above: readonly Area[] = [sharing, watch, response]
const mission: readonly Area[] = [structureArea(above), ...above]

/** What this process knows of the record's keys and sealing; start-city.ts fills it in. */
export const machine: Machine = {}

/** And core's own rooms: signing in (which asks the mission what its tokens are called), and the record. */
export const areas: readonly Area[] = [
  accessArea(mission, () => wakesPeople(channelsFromEnvironment(process.env))),
  recordArea(mission, machine),
  ...mission,
]

export const registry = registryOf(areas)
export const operations = registry.operations
