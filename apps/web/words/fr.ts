import kit from '#core/web/words/fr.json' with { type: 'json' }
import { gather } from './gather.ts'

const areas = import.meta.glob(['../../../areas/*/words/fr.json', '../../../core/{access,record}/words/fr.json'], {
  eager: true,
  import: 'default',
})

/** All French words of the pages, as one chunk that is fetched when somebody reads in French. */
export const words = gather(kit, areas)
