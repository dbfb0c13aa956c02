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

export type Agency = {
  orgType: string
  orgCode: string
  name: string
  shortName: string
  sector: string
  callBack: string
  parent?: string
  services?: string[]
}
export type Post = {
  code: string
  agency: string
  kind: PostKind
  title: string
  minimumSeniority: number
  competences?: string[]
  place?: string
}
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
  termsOfReference?: string
  cells?: string[]
  recordsOwner?: string
  place?: string
  reviewAt?: string
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
export type Place = { code: string; name: string }
/** dependsOn: what fails together with it; two media that share one of these are not independent. */
export type Medium = { code: string; name: string; dependsOn: string[] }
/** from and to: group:CODE, post:CODE or agency:CODE. */
export type Link = {
  from: string
  kind: 'directs' | 'reports' | 'informs' | 'requests' | 'liaises'
  to: string
  primary: string
  backup?: string
  carries: string[]
  testedAt?: string
}
export type Network = {
  media: Medium[]
  places: Place[]
  links: Link[]
  responsibilities: {
    activity: string
    phase: 'response' | 'transition' | 'recovery'
    agency: string
    part: 'accountable' | 'responsible' | 'consulted' | 'informed'
    jointBasis?: string
  }[]
  products: { code: string; name: string; producer: string; medium: string; protocol?: string; receivers: string[] }[]
  variants: {
    group: string
    incidentType: string
    band: 'any' | 'first-hour' | 'first-day' | 'recovery'
    effect: 'joins' | 'leaves' | 'chairs' | 'deputy-chairs'
    agency?: string
    post?: string
    basis: string
  }[]
  /** what is said of agencies, posts and groups beyond their own lists, by code */
  ofAgencies: Record<string, Pick<Agency, 'parent' | 'services'>>
  ofPosts: Record<string, Pick<Post, 'competences' | 'place'>>
  ofGroups: Record<string, Pick<Group, 'termsOfReference' | 'cells' | 'recordsOwner' | 'place' | 'reviewAt'>>
  /** what is weak on purpose, so that an analysis has something to name */
  weaknesses: Finding[]
}
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
  network?: Network
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
} & Partial<Pick<Network, 'media' | 'places' | 'links' | 'responsibilities' | 'products' | 'variants' | 'weaknesses'>>
