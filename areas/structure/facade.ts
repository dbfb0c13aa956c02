/** Door 2 of structure: what other areas may call on the server. */
export {
  agency,
  agencyByCode,
  agreedLead,
  contactsOf,
  deputies,
  executivePostOf,
  group,
  groupByCode,
  membersOf,
  onDuty,
  person,
  personByCode,
  post,
  postsByCode,
  standDown,
  standIn,
} from './directory/store.ts'
