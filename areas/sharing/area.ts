import type { Area } from '#core/operation/implement.ts'

export const area: Area = { name: 'sharing', features: [] }
