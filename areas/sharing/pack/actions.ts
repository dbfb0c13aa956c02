import type { PackSection } from '#core/operation/implement.ts'
import { rowsOfProtocols, rowsOfThreads } from './store.ts'

const protocolToken = /^circle:protocol\.([0-9a-f-]{36})\.\d+$/

/** What sharing puts into a disclosure pack: disclosures and requests of the incident, and the protocols under which its entries were shared. */
export const packSections: readonly PackSection[] = [
  {
    name: 'sharing',
    title: { en: 'Emergency disclosures, requests and protocols', fr: 'Divulgations d’urgence, demandes et protocoles' },
    tables: [
      { table: 'sharing.emergency_disclosures', at: 'disclosed_at', words: ['title', 'text', 'reason', 'outcome', 'review_words'] },
      { table: 'sharing.requests', at: 'asked_at', words: ['what', 'why', 'duty', 'needed_by'] },
      { table: 'sharing.request_answers', at: 'answered_at', words: ['outcome', 'words', 'reason_code', 'risk'] },
      { table: 'sharing.request_appeals', at: 'appealed_at', words: ['words'] },
      { table: 'sharing.items', at: 'shared_at', words: ['kind', 'title', 'grading', 'graded_because', 'basis', 'restricted_because'] },
      { table: 'sharing.pointers', at: 'made_at', words: ['title', 'how', 'end_reason'] },
      { table: 'sharing.protocols', words: [] },
      { table: 'sharing.protocol_versions', words: ['terms'] },
      { table: 'sharing.signatures', words: [] },
      { table: 'sharing.parties', words: [] },
    ],
    async belongs(tx, { threads, circles }) {
      const protocols = [...new Set(circles.flatMap((token) => protocolToken.exec(token)?.[1] ?? []))]
      return { rows: [...(await rowsOfThreads(tx, threads)), ...(await rowsOfProtocols(tx, protocols))] }
    },
  },
]
