import type { Area } from '#core/operation/implement.ts'
import { names } from './facade.ts'
import { actions as briefings } from './briefings/actions.ts'
import { actions as emergency } from './emergency/actions.ts'
import { actions as pointers } from './pointers/actions.ts'
import { actions as protocols } from './protocols/actions.ts'

export const area: Area = { name: 'sharing', features: [protocols, emergency, pointers, briefings], names }
