/** Sectors that the pages have words for. A list may name others. */
export const sectors = [
  'police', 'transport-police', 'fire', 'fire-shared-control', 'ambulance', 'hospital-health-system', 'public-health', 'local-authority', 'transport-operators',
  'utilities', 'telecoms', 'military-liaison', 'coroner', 'venue-business', 'education', 'voluntary', 'faith-community', 'elected-leadership',
  'national-government-liaison', 'neighbouring-partnership',
] as const // biome-ignore format: a list to read across
export type Sector = (typeof sectors)[number]

const byType: Readonly<Record<string, Sector>> = {
  police: 'police',
  transport_police: 'transport-police',
  fire_and_rescue: 'fire',
  ambulance: 'ambulance',
  local_authority: 'local-authority',
  nhs_trust: 'hospital-health-system',
  hospital: 'hospital-health-system',
  health_system: 'hospital-health-system',
  public_health: 'public-health',
  military: 'military-liaison',
  coroner: 'coroner',
  government: 'national-government-liaison',
  utility: 'utilities',
  telecoms: 'telecoms',
  transport_operator: 'transport-operators',
  port: 'transport-operators',
  venue: 'venue-business',
  business: 'venue-business',
  education: 'education',
  voluntary: 'voluntary',
  faith: 'faith-community',
  elected: 'elected-leadership',
}

/** The sector of an agency of this type, where its type leaves no doubt: a control room may be anybody's, and so may an office. */
export const sectorOf = (orgType: string): Sector | null => byType[orgType] ?? null
