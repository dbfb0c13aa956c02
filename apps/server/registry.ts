import { area as response } from '#areas/response/area.ts'
import { area as structure } from '#areas/structure/area.ts'
import { area as record } from '#core/record/area.ts'
import { registryOf } from '#core/operation/perform.ts'

/** The areas that have something to show, lowest first. */
export const areas = [record, structure, response]

export const registry = registryOf(areas)
export const operations = registry.operations
