/** Door 2 of sharing: what higher areas may call on the server. */
export { circleOf, names } from './protocols/store.ts'
