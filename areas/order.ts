/** The areas, lowest first. A lower area never imports a higher one: it emits, the higher one reacts. A new area adds one line. */
// biome-ignore format: one line for one area
export const order = [
  'structure',
  'sharing',
  'watch',
  'response',
  'communications',
  'readiness',
  'lessons',
  'trust',
  'cities',
] as const

/** The name of an area, as its folder, its SQL schema and the first word of its operations. */
export type AreaName = (typeof order)[number]
