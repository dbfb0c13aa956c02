/** Door 2 of structure: what other areas may call on the server. */
export { agency, agreedLead, onDuty, person, post } from './directory/store.ts'
