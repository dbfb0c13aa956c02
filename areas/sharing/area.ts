import type { Area } from '#core/operation/implement.ts'
import { names } from './facade.ts'
import { actions as disclosures } from './disclosures/actions.ts'
import { actions as emergency } from './emergency/actions.ts'
import { actions as items } from './items/actions.ts'
import { actions as protocols } from './protocols/actions.ts'
import { actions as recall } from './recall/actions.ts'
import { actions as tearLines } from './tear-lines/actions.ts'

export const area: Area = { name: 'sharing', features: [protocols, emergency, items, tearLines, recall, disclosures], names }
