import kit from '#core/web/words/en.json' with { type: 'json' }
import { gather } from './gather.ts'

const areas = import.meta.glob(['../../../areas/*/words/en.json', '../../../core/{access,record}/words/en.json'], {
  eager: true,
  import: 'default',
})

/** All English words of the pages, as one chunk that is fetched when somebody reads in English. */
export const words = gather(kit, areas)
