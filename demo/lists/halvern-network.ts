import { links, media, places } from './halvern-links.ts'
import type { Network } from './shape.ts'

// What joins Halvern's groups, posts and agencies. Fictional like the rest, and weak in a few places on purpose: see `weaknesses`.

// activity | phase | accountable | responsible | consulted | informed
const duties = `
Declare a major incident | response | HAL-POL | HAL-PCR HAL-FCR HAL-ACR | HAL-FRS HAL-AMB | HAL-RES HAL-CIT
Convene the strategic group | response | HAL-POL | HAL-RES | HAL-CIT | HAL-FRS HAL-AMB HAL-HHS HAL-PHA EXA-TPO HAL-ORV
Protect the public from further harm | response | HAL-POL | HAL-POL EXA-TPO | HAL-FRS | HAL-RES EXA-GOV
Rescue people | response | HAL-FRS | HAL-FRS | HAL-AMB HAL-POL | HAL-FCR
Treat and carry casualties | response | HAL-AMB | HAL-AMB | HAL-HHS HAL-HGH HAL-HCH | HAL-POL
Evacuate or shelter the city centre | response | HAL-POL HAL-CIT | HAL-POL HAL-TRB | HAL-FRS HAL-ROA | HAL-BIZ HAL-SCH
Warn and inform the public | response | HAL-CIT | HAL-CIT HAL-POL | HAL-AMB HAL-PHA HAL-TRB | HAL-MAY BRN-RES
Keep the common picture | response | HAL-RES | HAL-RES HAL-PCR | HAL-FCR HAL-ACR HAL-TRB | HAL-CIT
Give scientific advice | response | HAL-PHA | HAL-PHA HAL-UNI | HAL-HHS HAL-WAT EXA-WEA | HAL-FRS
Identify the dead | response | HAL-COR HAL-POL | HAL-POL | HAL-AFT | HAL-HHS
Open a family and friends centre | response | HAL-CIT | HAL-CIT HAL-VOL | HAL-POL HAL-AFT | HAL-FTH
Keep power, water and networks running | response | HAL-PWG | HAL-PWG HAL-WAT HAL-TEL HAL-MOB | HAL-CIT | HAL-RES
Hand over the lead | transition | HAL-POL | HAL-POL HAL-CIT | HAL-FRS HAL-AMB | HAL-RES EXA-GOV
Support bereaved people and survivors | transition | HAL-CIT | HAL-AFT HAL-VOL | HAL-COR HAL-HHS | HAL-MAY
Release the cordon | transition | HAL-POL | HAL-POL | HAL-CIT HAL-PHA | HAL-BIZ HAL-TRB
Inspect buildings | transition | HAL-CIT | HAL-CIT | HAL-FRS | HAL-BIZ
Support bereaved people and survivors | recovery | - | HAL-AFT HAL-VOL | HAL-COR HAL-HHS | HAL-MAY
Restore transport | recovery | HAL-TRB | HAL-TRB HAL-RAI HAL-ROA | HAL-CIT | HAL-BIZ
Clean and reopen the area | recovery | HAL-CIT | HAL-CIT | HAL-PHA HAL-WAT | HAL-BIZ
Keep the record and learn | recovery | HAL-RES | HAL-RES | HAL-POL HAL-FRS HAL-AMB | HAL-CIT HAL-MAY`

const joint: Record<string, string> = { 'Identify the dead': 'Coroners Act of Example, section 7: the coroner and the police together.' }

const responsibilities: Network['responsibilities'] = duties
  .trim()
  .split('\n')
  .flatMap((line) => {
    const [activity = '', phase = '', ...parts] = line.split(' | ')
    return (['accountable', 'responsible', 'consulted', 'informed'] as const).flatMap((part, index) =>
      (parts[index] ?? '')
        .split(' ')
        .filter((agency) => agency !== '-' && agency !== '')
        .map((agency) => ({
          activity,
          phase: phase as 'response' | 'transition' | 'recovery',
          agency,
          part,
          ...(part === 'accountable' && joint[activity] ? { jointBasis: joint[activity] } : {}),
        })),
    )
  })

// code | name | producer | channel | protocol | receivers
const told = `
methane | M/ETHANE report | HAL-PCR | talk-group | Joint control rooms protocol | HAL-FCR HAL-ACR HAL-RES EXA-TPO
common-picture | Common picture | HAL-RES | shared-desk | Orrel information sharing agreement | HAL-POL HAL-FRS HAL-AMB HAL-CIT HAL-HHS HAL-PHA EXA-TPO HAL-ORV
strategy | Strategy and priorities | HAL-POL | video | Orrel information sharing agreement | HAL-FRS HAL-AMB HAL-CIT HAL-HHS HAL-PHA EXA-TPO HAL-ORV
casualty-figures | Casualty figures | HAL-AMB | secure-chat | Casualty information protocol | HAL-POL HAL-HHS HAL-HGH HAL-HCH HAL-CIT
hospital-capacity | Beds and theatres | HAL-HHS | shared-desk | Casualty information protocol | HAL-ACR HAL-AMB
threat-line | What may be said of the threat | HAL-POL | liaison | Need-to-share annex for attacks | HAL-FRS HAL-AMB HAL-CIT EXA-TPO
cordon-map | Cordons and safe routes | HAL-POL | shared-desk | Orrel information sharing agreement | HAL-FRS HAL-AMB HAL-TRB HAL-ROA HAL-BIZ
transport-state | State of transport | HAL-TRB | shared-desk | - | HAL-RES HAL-POL HAL-CIT HAL-RAI
utility-outages | Outages | HAL-PWG | mail | Utilities memorandum | HAL-RES HAL-CIT HAL-HHS
network-state | State of telephone networks | HAL-MOB | landline | Utilities memorandum | HAL-RES HAL-PCR
science-advice | Scientific advice | HAL-PHA | video | Orrel information sharing agreement | HAL-POL HAL-FRS HAL-AMB HAL-CIT
public-statement | Cleared statement | HAL-CIT | mail | Warning and informing protocol | HAL-POL HAL-AMB HAL-TRB HAL-MAY BRN-RES
missing-people | People missed and found | HAL-POL | secure-chat | Casualty information protocol | HAL-HHS HAL-CIT HAL-COR
offers-of-help | Offers of help | HAL-VOL | mail | Voluntary sector memorandum | HAL-CIT HAL-AFT HAL-FTH
weather | Weather at the place | EXA-WEA | mail | National weather service terms | HAL-RES HAL-PHA HAL-FRS`

const products: Network['products'] = told
  .trim()
  .split('\n')
  .map((line) => {
    const [code = '', name = '', producer = '', medium = '', protocol = '', receivers = ''] = line.split(' | ')
    return { code, name, producer, medium, ...(protocol === '-' ? {} : { protocol }), receivers: receivers.split(' ') }
  })

const plan = 'Halvern Resilience Agreement, annex D'
const variants: Network['variants'] = [
  { group: 'SCG', incidentType: 'cbrn', band: 'any', effect: 'joins', agency: 'HAL-WAT', basis: plan },
  { group: 'SCG', incidentType: 'cbrn', band: 'any', effect: 'joins', agency: 'HAL-HGH', basis: plan },
  { group: 'SCG', incidentType: 'cyber-enabled', band: 'any', effect: 'joins', agency: 'HAL-TEL', basis: plan },
  { group: 'SCG', incidentType: 'cyber-enabled', band: 'any', effect: 'joins', agency: 'HAL-MOB', basis: plan },
  { group: 'SCG', incidentType: 'any', band: 'recovery', effect: 'chairs', post: 'HAL-CIT-SCG', basis: 'The City Council leads recovery.' },
  { group: 'SCG', incidentType: 'flood', band: 'any', effect: 'chairs', post: 'HAL-FRS-LRP', basis: 'Orrel Flood Plan, section 2.' },
  {
    group: 'SCG',
    incidentType: 'any',
    band: 'first-hour',
    effect: 'leaves',
    agency: 'HAL-ORV',
    basis: 'Told, not convened, in the first hour.',
  },
  { group: 'TCG', incidentType: 'hostage-siege', band: 'any', effect: 'chairs', post: 'HAL-POL-DUT', basis: plan },
  { group: 'TCG', incidentType: 'cbrn', band: 'any', effect: 'joins', agency: 'HAL-PHA', basis: plan },
  { group: 'TCG', incidentType: 'any', band: 'recovery', effect: 'leaves', agency: 'EXA-TPO', basis: plan },
  {
    group: 'MAIC',
    incidentType: 'cyber-enabled',
    band: 'first-day',
    effect: 'joins',
    agency: 'HAL-RAD',
    basis: 'Volunteer radio, if networks fail.',
  },
  {
    group: 'HUM',
    incidentType: 'any',
    band: 'recovery',
    effect: 'chairs',
    post: 'HAL-AFT-HUM',
    basis: 'Halvern Humanitarian Assistance Plan.',
  },
]

const terms = (group: string) => `Halvern Resilience Agreement, ${group}: it decides for no agency; each member can say no, and say why.`

export const halvernNetwork: Network = {
  media,
  places,
  links,
  responsibilities,
  products,
  variants,
  ofAgencies: {
    'HAL-PCR': { parent: 'HAL-POL', services: ['999 calls for the police', 'dispatch'] },
    'HAL-FCR': { services: ['999 calls for fire', 'dispatch', 'shared with two neighbours'] },
    'HAL-ACR': { parent: 'HAL-AMB', services: ['999 calls for ambulances', 'dispatch'] },
    'HAL-HGH': { parent: 'HAL-HHS', services: ['emergency department', 'trauma theatres'] },
    'HAL-HCH': { parent: 'HAL-HHS', services: ['children’s emergency department'] },
    'HAL-POL': { services: ['public safety', 'investigation', 'search'] },
    'HAL-FRS': { services: ['rescue', 'firefighting', 'decontamination'] },
    'HAL-AMB': { services: ['triage', 'treatment', 'transport of casualties'] },
    'HAL-CIT': { services: ['shelter', 'warning and informing', 'recovery'] },
    'HAL-RAD': { services: ['messages when networks fail'] },
  },
  ofPosts: {
    'HAL-RES-WO1': { competences: ['watch desk', 'M/ETHANE', 'call-out'], place: 'ORREL-HOUSE' },
    'HAL-RES-WO2': { competences: ['watch desk', 'M/ETHANE', 'call-out'], place: 'ORREL-HOUSE' },
    'HAL-RES-WMG': { competences: ['watch desk', 'activation'], place: 'ORREL-HOUSE' },
    'HAL-RES-SEC': { competences: ['strategic secretariat'], place: 'ORREL-HOUSE' },
    'HAL-RES-LO1': { competences: ['logging'], place: 'ORREL-HOUSE' },
    'HAL-RES-LO2': { competences: ['logging'], place: 'FIRE-HQ' },
    'HAL-POL-SCG': { competences: ['strategic command', 'chairing'], place: 'POLICE-HQ' },
    'HAL-POL-DUT': { competences: ['tactical command'], place: 'POLICE-HQ' },
    'HAL-POL-SIO': { competences: ['investigation'], place: 'POLICE-HQ' },
    'HAL-PCR-DUT': { competences: ['control room supervision', 'M/ETHANE'], place: 'POLICE-HQ' },
    'HAL-FRS-TCG': { competences: ['tactical command', 'chairing'], place: 'FIRE-HQ' },
    'HAL-FRS-DUT': { competences: ['tactical command'], place: 'FIRE-HQ' },
    'HAL-FCR-DUT': { competences: ['control room supervision', 'M/ETHANE'], place: 'FIRE-HQ' },
    'HAL-AMB-TCG': { competences: ['tactical command', 'chairing'], place: 'AMB-HQ' },
    'HAL-AMB-DUT': { competences: ['tactical command'], place: 'AMB-HQ' },
    'HAL-ACR-DUT': { competences: ['control room supervision', 'M/ETHANE'], place: 'AMB-HQ' },
    'HAL-CIT-SCG': { competences: ['strategic command', 'chairing'], place: 'CITY-HALL' },
    'HAL-CIT-DUT': { competences: ['emergency planning'], place: 'CITY-HALL' },
    'HAL-CIT-RCG': { competences: ['recovery', 'chairing'], place: 'CITY-HALL' },
    'HAL-CIT-COM': { competences: ['warning and informing'], place: 'CITY-HALL' },
    'HAL-HHS-DUT': { competences: ['health system command'], place: 'HEALTH-HOUSE' },
    'HAL-PHA-STA': { competences: ['scientific advice', 'chairing'], place: 'HEALTH-HOUSE' },
    'HAL-HGH-SIT': { competences: ['hospital command'], place: 'GENERAL-HOSPITAL' },
  },
  ofGroups: {
    SCG: {
      place: 'ORREL-HOUSE',
      cells: ['Intelligence cell', 'Legal and data cell'],
      recordsOwner: 'HAL-RES-SEC',
      reviewAt: '2026-09-30',
      termsOfReference: terms('part 2'),
    },
    TCG: {
      place: 'FIRE-HQ',
      cells: ['Casualty cell', 'Transport cell'],
      recordsOwner: 'HAL-RES-SE2',
      reviewAt: '2026-09-30',
      termsOfReference: terms('part 3'),
    },
    RCG: {
      place: 'CITY-HALL',
      cells: ['Business cell', 'Community cell'],
      recordsOwner: 'HAL-CIT-RSC',
      reviewAt: '2026-06-30',
      termsOfReference: terms('part 6'),
    },
    STAC: {
      place: 'HEALTH-HOUSE',
      cells: [],
      recordsOwner: 'HAL-RES-SE2',
      reviewAt: '2025-12-31',
      termsOfReference: 'One piece of advice, with its uncertainty. It does not decide.',
    },
    MAIC: {
      place: 'ORREL-HOUSE',
      cells: ['Map desk'],
      recordsOwner: 'HAL-RES-SE2',
      reviewAt: '2026-09-30',
      termsOfReference: 'It keeps one picture, and names what is not known.',
    },
    COMMS: {
      place: 'CITY-HALL',
      cells: ['Rumour desk'],
      recordsOwner: 'HAL-RES-SE2',
      reviewAt: '2026-09-30',
      termsOfReference: 'One owner for each topic; facts cleared before they are used.',
    },
    HUM: {
      place: 'CITY-HALL',
      cells: ['Family liaison cell'],
      recordsOwner: 'HAL-CIT-RSC',
      reviewAt: '2026-06-30',
      termsOfReference: 'It speaks with families before anybody else does.',
    },
    VSG: { cells: [], recordsOwner: 'HAL-CIT-RSC', termsOfReference: 'It answers one request once.' },
    LRP: {
      place: 'ORREL-HOUSE',
      cells: ['Risk cell', 'Exercise cell'],
      recordsOwner: 'HAL-RES-SEC',
      reviewAt: '2026-12-31',
      termsOfReference: terms('part 1'),
    },
  },
  weaknesses: [
    {
      kind: 'link-without-backup',
      about: 'HAL-RES-WO1 informs HAL-HRB-DUT',
      words: 'The Harbour is reached by mobile telephone and by nothing else.',
    },
    { kind: 'single-path', about: 'HUM, VSG', words: 'The Voluntary Sector Group is joined to the rest by one group alone.' },
    {
      kind: 'backup-not-independent',
      about: 'HAL-RES-WO1 informs HAL-PWG-DUT',
      words: 'Power and Gas: mail, and video instead; both need the internet.',
    },
    { kind: 'backup-not-independent', about: 'HAL-PWG-DUT informs HAL-RES-WO1', words: 'The same, the other way.' },
    { kind: 'backup-not-independent', about: 'SCG directs COMMS', words: 'Video, and mail instead; both need the internet.' },
    { kind: 'backup-not-independent', about: 'HAL-UNI informs STAC', words: 'Mail, and video instead; both need the internet.' },
    {
      kind: 'backup-not-independent',
      about: 'EXA-GOV-DUT liaises HAL-POL-SCG',
      words: 'Secure messages, and a mobile instead; both need the mobile network.',
    },
    { kind: 'link-untested', about: 'HAL-POL-SIO informs HAL-POL-SCG', words: 'Nobody has tried it.' },
    {
      kind: 'link-untested',
      about: 'HAL-MOB-DUT informs HAL-RES-WO1',
      words: 'Quillphone would tell the desk that its network is down. Nobody has tried how.',
    },
    { kind: 'link-untested', about: 'HAL-BIZ informs HAL-CIT-DUT', words: 'Nobody has tried it.' },
    {
      kind: 'two-accountable',
      about: 'Evacuate or shelter the city centre (response)',
      words: 'The police and the City Council are both accountable, and no law says so.',
    },
    {
      kind: 'nobody-accountable',
      about: 'Support bereaved people and survivors (recovery)',
      words: 'Nobody answers for it once the response ends.',
    },
    { kind: 'product-without-protocol', about: 'transport-state', words: 'The state of transport is told under no protocol.' },
    {
      kind: 'agency-without-link',
      about: 'HAL-RAD',
      words: 'The Radio Volunteers would carry messages if networks fail. Nothing joins them to anybody.',
    },
  ],
}
