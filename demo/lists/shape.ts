// The shape of a demo city. Everything in it is fictional.

export type PostKind =
  | 'watch-officer'
  | 'duty'
  | 'executive'
  | 'data-protection'
  | 'legal-adviser'
  | 'loggist'
  | 'secretariat'
  | 'chair'
  | 'neutral-commander'
  | 'communications'
  | 'inquiry'
  | 'administrator'
  | 'operator'

type Tier = 'strategic' | 'tactical' | 'operational' | 'policy'

/** 'always', or the code of one of the city's dutyPatterns. */
type Duty = 'always' | { pattern: string }

export type Agency = { orgType: string; orgCode: string; name: string; shortName: string; sector: string; callBack: string }
export type Post = { code: string; agency: string; kind: PostKind; title: string; minimumSeniority: number }
export type Person = { code: string; name: string; agency: string; mail: string; mobile: string; language: string; needs?: string }
export type Holding = { post: string; person: string; capacity: 'holder' | 'deputy'; order: number; duty: Duty }
export type Group = {
  code: string
  name: string
  nameFr: string
  tier: Tier
  purpose: string
  authority: string
  chair: string
  deputyChair: string
  secretariat: string
  quorum: number
  convening: string
}
export type Membership = { group: string; agency: string; post?: string; kind: 'core' | 'standing' | 'invitee'; basis: 'declared' }
export type LeadArrangement = {
  incidentType: string
  jurisdiction: string
  phase: 'response' | 'transition' | 'recovery'
  agency: string
  basis: string
}
export type ActivationLevel = {
  code: string
  name: string
  nameFr: string
  criteria: string
  callsOut: string[]
  convenes: string[]
}
export type IncidentType = { code: string; name: string; nameFr: string; family: 'attack' | 'hazard' }
export type DutyPattern = { code: string; words: string; weekdays: number[]; from: string; until: string; weeks: 'all' | 'odd' | 'even' }
type Finding = { kind: string; about: string; words: string }

/** What the city is made from: hand-written, and small enough to read. Holdings and most people are dealt out by make.ts. */
export type Recipe = {
  city: { code: string; name: string; neighbour: string; timeZone: string; languages: string[]; note: string }
  seed: number
  people: number
  firstNumber: number
  /** orgType, orgCode, name, shortName, sector */
  agencies: [string, string, string, string, string][]
  /** an agency that serves both cities has one call-back number: its last three digits */
  sharedCallBack: Record<string, number>
  withoutDutyPost: string[]
  /** code, kind, title, minimum seniority; the agency is the code's first part */
  posts: [string, PostKind, string, number][]
  /** name, agency, language, needs, and the mobile's last three digits where another city lists the same person */
  named: [string, string, string, string?, number?][]
  /** post, person's name, capacity, order, duty pattern; a post with a holder here is dealt no other holder */
  namedHoldings: [string, string, 'holder' | 'deputy', number, string][]
  /** posts whose holders change: by day and night, by week, or held by day only */
  patterned: Record<string, 'days-nights' | 'weeks' | 'days-only'>
  withoutDeputy: string[]
  groups: Group[]
  /** group, then the agencies of each kind; 'HAL-POL=SCG' names the post that sits */
  memberships: Record<string, { core: string; standing?: string; invitee?: string }>
  leadArrangements: LeadArrangement[]
  activationLevels: ActivationLevel[]
  incidentTypes: IncidentType[]
  dutyPatterns: DutyPattern[]
  expectedFindings: Finding[]
}

export type City = Pick<
  Recipe,
  'city' | 'leadArrangements' | 'activationLevels' | 'incidentTypes' | 'dutyPatterns' | 'groups' | 'expectedFindings'
> & {
  agencies: Agency[]
  posts: Post[]
  people: Person[]
  holdings: Holding[]
  memberships: Membership[]
}
