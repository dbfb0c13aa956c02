/** Door 2 of response: what other areas may call on the server. */
export { incident, incidents, membersClause, threads } from './incidents/store.ts'
export { putEntry } from './timeline/store.ts'
