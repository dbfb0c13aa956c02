/** Door 2 of structure: what other areas may call on the server. */
export {
  agencies,
  agency,
  agencyByCode,
  agreedLead,
  contactsOf,
  deputies,
  executivePostOf,
  group,
  groupByCode,
  membersOf,
  names,
  onDuty,
  organisations,
  person,
  personByCode,
  post,
  postsByCode,
  postsOf,
  standDown,
  standIn,
} from './directory/store/who.ts'
export { quorumOf } from './directory/rules.ts'
export { networkOf, versionInForce } from './network/store.ts'
