import type { CityList } from '../../city-import/contract.ts'

/** words: several, with ; between them. codes: several, with ; or a space between them. day: a date cell, or 2026-03-31. */
export type Cell = 'text' | 'number' | 'numbers' | 'duty' | 'words' | 'codes' | 'day'

export interface Column {
  field: string
  heading: string
  cell: Cell
  note: string
  required: boolean
  /** A cell that is left empty takes away what the city has; without it, and where the column is absent, what is known stays. */
  clears: boolean
}

export interface Sheet {
  list: CityList
  name: string
  columns: readonly Column[]
}

const column = (field: string, heading: string, note: string, cell: Cell = 'text'): Column => ({
  field,
  heading,
  note,
  cell,
  required: true,
  clears: false,
})
const maybe = (field: string, heading: string, note: string, cell: Cell = 'text'): Column => ({
  field,
  heading,
  note,
  cell,
  required: false,
  clears: false,
})
const clearable = (field: string, heading: string, note: string, cell: Cell = 'text'): Column => ({
  ...maybe(field, heading, note, cell),
  clears: true,
})

/** The sheets of the starter workbook, in the order in which they are best filled in. */
export const sheets: readonly Sheet[] = [
  {
    list: 'agencies',
    name: 'Agencies',
    columns: [
      column('orgType', 'Type', 'police, fire_and_rescue, ambulance, local_authority, hospital, utility, voluntary …'),
      column('orgCode', 'Code', 'Your own short code. Type and code together name the agency; its name may change.'),
      column('name', 'Name', 'As the agency writes it.'),
      clearable('shortName', 'Short name', 'For narrow columns.'),
      clearable('sector', 'Sector', 'police, fire, hospital-health-system, utilities …; without this column, as the type says.'),
      clearable('callBack', 'Call-back number', 'The number a person rings to be sure that a call was real.'),
      clearable(
        'parent',
        'Branch of (agency code)',
        'The agency of which it is a branch, or which runs it. A control room keeps its own row.',
      ),
      clearable('services', 'Services', 'What it does for the city; several with ; between them.', 'words'),
    ],
  },
  {
    list: 'places',
    name: 'Places',
    columns: [column('code', 'Place code', 'Your own short code.'), column('name', 'Place', 'Its name alone: no address, no plan.')],
  },
  {
    list: 'media',
    name: 'Media',
    columns: [
      column('code', 'Medium code', 'mobile, landline, talk-group, in-person …'),
      column('name', 'Medium', 'As people call it.'),
      clearable(
        'dependsOn',
        'Depends on',
        'What fails with it: mobile-network; internet; mains-power. Two that share one are not independent.',
        'codes',
      ),
    ],
  },
  {
    list: 'posts',
    name: 'Posts',
    columns: [
      column('code', 'Code', 'Agency code first: AGENCY-DUT.'),
      column('agency', 'Agency code', 'From the sheet Agencies.'),
      column('kind', 'Kind', 'watch-officer, duty, executive, secretariat, loggist, chair, neutral-commander, administrator …'),
      column('title', 'Title', 'Duty officer, chief executive on call …'),
      maybe('minimumSeniority', 'Least seniority', '1 to 5; who may decide for the agency is 4 or 5.', 'number'),
      clearable('competences', 'Competences', 'What its holder must be trained in; several with ; between them.', 'words'),
      clearable('place', 'Place code', 'Where it works, from the sheet Places.'),
    ],
  },
  {
    list: 'people',
    name: 'People',
    columns: [
      column('code', 'Code', 'first.last; not a staff number.'),
      column('name', 'Name', 'As the person writes it.'),
      column('agency', 'Agency code', 'From the sheet Agencies.'),
      maybe('mail', 'Mail', 'Signs in with it.'),
      maybe('mobile', 'Mobile', '+44 … ; as text. Called and texted at night.'),
      maybe('language', 'Language', 'en or fr.'),
      maybe('needs', 'Needs', 'What a call-out must know: deaf: text first.'),
    ],
  },
  {
    list: 'dutyPatterns',
    name: 'Duty hours',
    columns: [
      column('code', 'Code', 'days, nights …'),
      column('words', 'In words', 'Every day, 07:00 to 19:00.'),
      column('weekdays', 'Weekdays', '1 is Monday: 1,2,3,4,5,6,7.', 'numbers'),
      column('from', 'From', 'Local time as text: 07:00.'),
      column('until', 'Until', 'Local time as text: 19:00; past midnight when it is not later; 24:00 is midnight.'),
      maybe('weeks', 'Weeks', 'all, odd or even (ISO weeks).'),
    ],
  },
  {
    list: 'holdings',
    name: 'Holdings',
    columns: [
      column('post', 'Post code', 'From the sheet Posts.'),
      column('person', 'Person code', 'From the sheet People.'),
      column('capacity', 'Holder or deputy', 'holder or deputy. Deputies are asked in their order.'),
      maybe('order', 'Order', '1, 2, 3 …', 'number'),
      maybe('duty', 'Duty hours', 'always, or a code from the sheet Duty hours.', 'duty'),
    ],
  },
  {
    list: 'groups',
    name: 'Groups',
    columns: [
      column('code', 'Code', 'SCG, TCG …'),
      column('name', 'Name', 'In English.'),
      clearable('nameFr', 'Name in French', 'If you work in French.'),
      column('tier', 'Tier', 'strategic, tactical, operational, policy, national or partnership.'),
      clearable('purpose', 'Purpose', 'One sentence.'),
      clearable('authority', 'Authority', 'Statute, agreement or plan.'),
      clearable('convening', 'When it meets', 'What convenes it, and how soon.'),
      clearable('chair', 'Chair (post code)', 'Who convenes and chairs.'),
      clearable('deputyChair', 'Deputy chair (post code)', ''),
      clearable('secretariat', 'Secretariat (post code)', 'Who keeps its record.'),
      clearable('quorum', 'Quorum', 'How many core members; it informs and never blocks.', 'number'),
      clearable('termsOfReference', 'Terms of reference', 'What it may decide, and what it may not; or where that is written.'),
      clearable('cells', 'Cells', 'Its standing cells; several with ; between them.', 'words'),
      clearable('recordsOwner', 'Records owner (post code)', 'Who answers for its records.'),
      clearable('place', 'Place code', 'Where it meets, from the sheet Places.'),
      clearable('reviewAt', 'Review by', 'The day by which it is reviewed: 2027-03-31.', 'day'),
    ],
  },
  {
    list: 'memberships',
    name: 'Memberships',
    columns: [
      column('group', 'Group code', 'From the sheet Groups.'),
      column('agency', 'Agency code', 'From the sheet Agencies.'),
      maybe('post', 'Post code', 'The post that sits for the agency.'),
      column('kind', 'Standing', 'core, standing or invitee.'),
      maybe('basis', 'Basis', 'declared, or how you know.'),
    ],
  },
  {
    list: 'leadArrangements',
    name: 'Lead arrangements',
    columns: [
      column('incidentType', 'Incident type', 'A code; any for all.'),
      column('jurisdiction', 'Jurisdiction', 'A code; any for all.'),
      column('phase', 'Phase', 'response, transition or recovery.'),
      column('agency', 'Agency code', 'Who leads.'),
      column('basis', 'Basis', 'The agreement that says so.'),
    ],
  },
  {
    list: 'links',
    name: 'Links',
    columns: [
      column('from', 'From', 'A group, a post or an agency: its code, or group:CODE, post:CODE, agency:CODE.'),
      column('kind', 'Does what', 'directs, reports (to), informs, requests (of) or liaises (with).'),
      column('to', 'To', 'A group, a post or an agency.'),
      clearable('primary', 'By medium', 'From the sheet Media.'),
      clearable('backup', 'Backup medium', 'Another one, which does not depend on the same.'),
      clearable('carries', 'Carries', 'What goes over it; several with ; between them.', 'words'),
      maybe(
        'testedAt',
        'Last tested',
        'The day when it was last tried: 2026-03-31. Left empty, the last test that is known stands.',
        'day',
      ),
    ],
  },
  {
    list: 'responsibilities',
    name: 'Responsibilities',
    columns: [
      column('activity', 'Activity', 'In the same words on every line: Warn the public.'),
      column('phase', 'Phase', 'response, transition or recovery.'),
      column('agency', 'Agency code', 'From the sheet Agencies.'),
      column('part', 'Part', 'accountable, responsible, consulted or informed. One agency is accountable.'),
      clearable('jointBasis', 'Joint by law', 'The law that makes two agencies accountable together, if one does.'),
    ],
  },
  {
    list: 'products',
    name: 'Products',
    columns: [
      column('code', 'Product code', 'Your own short code.'),
      column('name', 'Product', 'What is told: Common picture, Casualty figures …'),
      clearable('producer', 'Producer (agency code)', 'Who makes it.'),
      clearable('medium', 'Channel (medium code)', 'By what it goes.'),
      clearable('protocol', 'Protocol', 'The title of the sharing protocol under which it goes.'),
      clearable(
        'receivers',
        'Receivers (agency codes)',
        'Who needs it; several with ; between them. Whoever is left out receives it no longer.',
        'codes',
      ),
    ],
  },
  {
    list: 'variants',
    name: 'Variants',
    columns: [
      column('group', 'Group code', 'From the sheet Groups.'),
      maybe('incidentType', 'Incident type', 'A code; any for all.'),
      maybe('band', 'Band of time', 'any, first-hour, first-day or recovery.'),
      column('effect', 'Effect', 'joins, leaves, chairs or deputy-chairs.'),
      clearable('agency', 'Agency code', 'Who joins or leaves.'),
      clearable('post', 'Post code', 'Which post chairs.'),
      maybe('basis', 'Basis', 'declared, or the plan that says so.'),
    ],
  },
]

/** A heading as a CSV file writes it: Agency code is agency_code, and either is read. */
export const plainHeading = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .replaceAll(/^_|_$/g, '')

/** The list whose headings these are. Undefined: no list's, or those of several. */
export function sheetOf(headings: readonly string[]): Sheet | undefined {
  const there = new Set(headings.map(plainHeading))
  const fits = sheets
    .filter(({ columns }) => columns.every(({ heading, required }) => !required || there.has(plainHeading(heading))))
    .map((sheet) => ({ sheet, known: sheet.columns.filter(({ heading }) => there.has(plainHeading(heading))).length }))
    .toSorted((one, other) => other.known - one.known)
  const [best, second] = fits
  return best && best.known > (second?.known ?? 0) ? best.sheet : undefined
}
