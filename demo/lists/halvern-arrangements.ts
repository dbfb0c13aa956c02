import type { ActivationLevel, DutyPattern, IncidentType, LeadArrangement } from './shape.ts'

// Types say what co-ordination needs. There is no field for method, here or anywhere (A.2.2).
export const incidentTypes: IncidentType[] = [
  { code: 'marauding', name: 'Marauding attack', nameFr: 'Attaque itinérante', family: 'attack' },
  { code: 'vehicle', name: 'Vehicle attack', nameFr: 'Attaque au véhicule', family: 'attack' },
  { code: 'explosive', name: 'Explosive device', nameFr: 'Engin explosif', family: 'attack' },
  { code: 'cbrn', name: 'CBRN incident', nameFr: 'Événement NRBC', family: 'attack' },
  { code: 'hostage-siege', name: 'Hostage taking or siege', nameFr: 'Prise d’otages ou siège', family: 'attack' },
  { code: 'cyber-enabled', name: 'Cyber-enabled attack', nameFr: 'Attaque appuyée par le cyber', family: 'attack' },
  { code: 'multi-site', name: 'Multi-site attack', nameFr: 'Attaque sur plusieurs sites', family: 'attack' },
  { code: 'flood', name: 'Flood or tidal surge', nameFr: 'Inondation ou onde de tempête', family: 'hazard' },
  { code: 'cyber', name: 'Cyber failure', nameFr: 'Défaillance informatique', family: 'hazard' },
  { code: 'utility-failure', name: 'Utility failure', nameFr: 'Défaillance d’un réseau', family: 'hazard' },
]

const police = 'Halvern Resilience Agreement, annex C: the police lead the response to an attack in the city.'
const railway = 'Railway Safety Protocol, clause 4: the transport police lead on railway and tram property.'
const recovery = 'Halvern Resilience Agreement, part 6: the City Council leads recovery.'
const attacks = incidentTypes.filter((type) => type.family === 'attack').map((type) => type.code)

// Two arrangements answer for one place (an interchange is in the city and on the railway): that is what the exercise contests.
export const leadArrangements: LeadArrangement[] = [
  ...attacks.map((incidentType) => ({ incidentType, jurisdiction: 'city', phase: 'response' as const, agency: 'HAL-POL', basis: police })),
  ...['marauding', 'explosive', 'hostage-siege'].map((incidentType) => ({
    incidentType,
    jurisdiction: 'railway',
    phase: 'response' as const,
    agency: 'EXA-TPO',
    basis: railway,
  })),
  ...attacks.map((incidentType) => ({
    incidentType,
    jurisdiction: 'city',
    phase: 'recovery' as const,
    agency: 'HAL-CIT',
    basis: recovery,
  })),
  {
    incidentType: 'marauding',
    jurisdiction: 'city',
    phase: 'transition',
    agency: 'HAL-CIT',
    basis: 'Two signatures: the police hand over, the City Council accepts.',
  },
  {
    incidentType: 'cbrn',
    jurisdiction: 'city',
    phase: 'transition',
    agency: 'HAL-PHA',
    basis: 'Public Health leads until the advice cell says the area is safe.',
  },
  { incidentType: 'flood', jurisdiction: 'city', phase: 'response', agency: 'HAL-FRS', basis: 'Orrel Flood Plan, section 2.' },
  { incidentType: 'flood', jurisdiction: 'harbour', phase: 'response', agency: 'HAL-HRB', basis: 'Harbour Emergency Plan, section 1.' },
  { incidentType: 'flood', jurisdiction: 'valley', phase: 'response', agency: 'HAL-ORV', basis: 'Orrel Flood Plan, section 5.' },
  { incidentType: 'flood', jurisdiction: 'city', phase: 'recovery', agency: 'HAL-CIT', basis: recovery },
  { incidentType: 'cyber', jurisdiction: 'city', phase: 'response', agency: 'HAL-CIT', basis: 'Halvern Digital Continuity Plan.' },
  {
    incidentType: 'utility-failure',
    jurisdiction: 'city',
    phase: 'response',
    agency: 'HAL-CIT',
    basis: 'Halvern Utilities Plan, section 3.',
  },
  {
    incidentType: 'utility-failure',
    jurisdiction: 'harbour',
    phase: 'response',
    agency: 'HAL-HRB',
    basis: 'Harbour Emergency Plan, section 4.',
  },
]

export const activationLevels: ActivationLevel[] = [
  {
    code: 'watch',
    name: 'Watch',
    nameFr: 'Veille',
    criteria: 'A credible sign that may touch more than one agency. Nobody is called out; the watch desk looks again within the hour.',
    callsOut: ['HAL-RES-WMG'],
    convenes: [],
  },
  {
    code: 'standby',
    name: 'Standby',
    nameFr: 'Pré-alerte',
    criteria: 'Two or more agencies are or will be committed, or one asks for joint working. Start early; standing down is cheap.',
    callsOut: [
      'HAL-RES-WMG',
      'HAL-RES-SEC',
      'HAL-RES-SE2',
      'HAL-RES-MIC',
      'HAL-POL-DUT',
      'EXA-TPO-DUT',
      'HAL-FRS-DUT',
      'HAL-AMB-DUT',
      'HAL-CIT-DUT',
      'HAL-CIT-COM',
      'HAL-PCR-DUT',
      'HAL-FCR-DUT',
      'HAL-ACR-DUT',
    ],
    convenes: ['TCG', 'MAIC', 'COMMS'],
  },
  {
    code: 'activated',
    name: 'Activated (strategic)',
    nameFr: 'Activé (stratégique)',
    criteria: 'A major incident is declared by any agency, or an attack is suspected, or what must be decided exceeds any one agency.',
    callsOut: [
      'HAL-POL-SCG',
      'HAL-CIT-SCG',
      'HAL-RES-SEC',
      'HAL-RES-LO1',
      'HAL-RES-MIC',
      'HAL-POL-DUT',
      'EXA-TPO-DUT',
      'HAL-FRS-DUT',
      'HAL-AMB-DUT',
      'HAL-HHS-DUT',
      'HAL-PHA-DUT',
      'HAL-CIT-DUT',
      'HAL-ORV-DUT',
      'HAL-HRB-DUT',
      'HAL-TRB-DUT',
      'HAL-CIT-COM',
      'HAL-PCR-DUT',
      'HAL-FCR-DUT',
      'HAL-ACR-DUT',
      'EXA-MIL-DUT',
      'EXA-GOV-DUT',
      'HAL-VOL-DUT',
      'BRN-RES-DUT',
    ],
    convenes: ['SCG'],
  },
]

// Local time of the city; 'until' before 'from' ends on the next day. weekdays: ISO, 1 is Monday. weeks: ISO week number odd or even.
export const dutyPatterns: DutyPattern[] = [
  { code: 'days', words: 'Every day, 07:00 to 19:00', weekdays: [1, 2, 3, 4, 5, 6, 7], from: '07:00', until: '19:00', weeks: 'all' },
  { code: 'nights', words: 'Every night, 19:00 to 07:00', weekdays: [1, 2, 3, 4, 5, 6, 7], from: '19:00', until: '07:00', weeks: 'all' },
  {
    code: 'week-a',
    words: 'Odd weeks, Monday to Sunday, day and night',
    weekdays: [1, 2, 3, 4, 5, 6, 7],
    from: '00:00',
    until: '24:00',
    weeks: 'odd',
  },
  {
    code: 'week-b',
    words: 'Even weeks, Monday to Sunday, day and night',
    weekdays: [1, 2, 3, 4, 5, 6, 7],
    from: '00:00',
    until: '24:00',
    weeks: 'even',
  },
]
