import { CityFile, type CityList, cityRows } from '../../city-import/contract.ts'

type Cell = 'text' | 'number' | 'numbers' | 'duty'

export interface Column {
  field: string
  heading: string
  cell: Cell
  note: string
  required: boolean
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
})
const maybe = (field: string, heading: string, note: string, cell: Cell = 'text'): Column => ({
  field,
  heading,
  note,
  cell,
  required: false,
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
      maybe('shortName', 'Short name', 'For narrow columns.'),
      maybe('sector', 'Sector', 'police, fire, health-system, utilities …'),
      maybe('callBack', 'Call-back number', 'The number a person rings to be sure that a call was real.'),
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
      maybe('nameFr', 'Name in French', 'If you work in French.'),
      column('tier', 'Tier', 'strategic, tactical, operational, policy, national or partnership.'),
      maybe('purpose', 'Purpose', 'One sentence.'),
      maybe('authority', 'Authority', 'Statute, agreement or plan.'),
      maybe('convening', 'When it meets', 'What convenes it, and how soon.'),
      maybe('chair', 'Chair (post code)', 'Who convenes and chairs.'),
      maybe('deputyChair', 'Deputy chair (post code)', ''),
      maybe('secretariat', 'Secretariat (post code)', 'Who keeps its record.'),
      maybe('quorum', 'Quorum', 'How many core members; it informs and never blocks.', 'number'),
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
]

const isEmpty = (value: unknown) => value === null || value === undefined || (typeof value === 'string' && value.trim() === '')
const asText = (value: unknown) => (value instanceof Date ? value.toISOString() : String(value)).trim()

function valueOf(cell: Cell, value: unknown): unknown {
  if (isEmpty(value)) return undefined
  const text = asText(value)
  if (cell === 'number') return Number(text)
  if (cell === 'numbers') return text.split(/[\s,;]+/).map(Number)
  if (cell === 'duty') return text === 'always' ? 'always' : { pattern: text }
  return text
}

export interface SheetLine {
  line: number
  row: unknown
}
export interface SheetProblem {
  sheet: string
  line: number
  field: string
  words: string
}

/** One sheet's cells, the headings first: rows that can be read with their line numbers, and what cannot. */
export function readSheet(
  sheet: Sheet,
  cells: readonly (readonly unknown[])[],
): { rows: SheetLine[]; problems: SheetProblem[]; lines: number } {
  const headings = (cells[0] ?? []).map((cell) => (isEmpty(cell) ? '' : asText(cell).toLowerCase()))
  const where = sheet.columns.map(({ heading }) => headings.indexOf(heading.toLowerCase()))
  const missing = sheet.columns.filter((wanted, index) => wanted.required && where[index] === -1)
  const problems: SheetProblem[] = missing.map(({ heading }) => ({
    sheet: sheet.name,
    line: 1,
    field: heading,
    words: `There is no column ${heading}.`,
  }))
  const rows: SheetLine[] = []
  let lines = 0
  cells.slice(1).forEach((row, index) => {
    if (row.every(isEmpty)) return
    lines += 1
    if (missing.length > 0) return
    const line = index + 2
    const raw = Object.fromEntries(
      sheet.columns.map(({ field, cell }, at) => [field, where[at] === -1 ? undefined : valueOf(cell, row[where[at]!])]),
    )
    const read = cityRows[sheet.list].safeParse(raw)
    if (read.success) return rows.push({ line, row: read.data })
    const [issue] = read.error.issues
    const at = sheet.columns.find(({ field }) => field === issue?.path[0])
    const words = at && raw[at.field] === undefined ? 'This is empty.' : (issue?.message ?? 'This cannot be read.')
    return problems.push({ sheet: sheet.name, line, field: at?.heading ?? '', words })
  })
  return { rows, problems, lines }
}

/** The lists of a city from the rows that could be read. */
export const cityOf = (lists: ReadonlyMap<CityList, readonly SheetLine[]>): CityFile =>
  CityFile.parse(Object.fromEntries(sheets.map(({ list }) => [list, (lists.get(list) ?? []).map(({ row }) => row)])))
