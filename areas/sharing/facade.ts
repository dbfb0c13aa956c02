/** Door 2 of sharing: what higher areas may call on the server. */
export { acknowledgedOf, openedOf, sentOf } from './disclosures/store.ts'
export { circleOf, names } from './protocols/store.ts'
