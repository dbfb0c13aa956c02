import type { CapArea, CapCircle, CapPolygon } from '../contract.ts'

/** CAP 1.2 §3.2.4: pairs are latitude,longitude in WGS 84; a polygon has four pairs or more, the last equal to the first; radius in km. Pure. */

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)$/
const HALF_THE_EARTH = 20_038

export function readPolygon(text: string): CapPolygon {
  const flags = new Set<string>()
  const pairs = text.split(/\s+/).filter((part) => part !== '')
  if (pairs.length === 0) return { text, points: null, flags: ['empty-polygon'] }
  const points = pairs.map((part) => readPair(part, flags))
  if (points.includes(undefined)) return { text, points: null, flags: ['polygon-bad-pair', ...flags] }
  const sound = points as [number, number][]
  const [first, last] = [sound[0], sound.at(-1)]
  if (sound.length < 4) flags.add('polygon-too-few-points')
  if (first?.[0] !== last?.[0] || first?.[1] !== last?.[1]) flags.add('polygon-not-closed')
  return { text, points: flags.size === 0 ? sound : null, flags: [...flags] }
}

export function readCircle(text: string): CapCircle {
  const parts = text.split(/\s+/).filter((part) => part !== '')
  if (parts.length === 0) return { text, centre: null, radius: null, flags: ['empty-circle'] }
  const flags = new Set<string>()
  const [point, size, extra] = parts
  const centre = readPair(point ?? '', flags)
  if (centre === undefined || size === undefined || extra !== undefined || !NUMBER.test(size))
    return { text, centre: null, radius: null, flags: ['circle-bad-form', ...flags] }
  const radius = Number(size)
  if (radius < 0) flags.add('circle-negative-radius')
  if (radius > HALF_THE_EARTH) flags.add('circle-radius-too-large')
  return flags.size === 0 ? { text, centre, radius, flags: [] } : { text, centre: null, radius: null, flags: [...flags] }
}

/** Flags of all areas, each once. */
export function geometryFlags(areas: CapArea[]): string[] {
  const flags = new Set<string>()
  for (const area of areas) {
    for (const shape of [...area.polygons, ...area.circles]) for (const flag of shape.flags) flags.add(flag)
    if (area.ceiling !== null && area.altitude === null) flags.add('ceiling-without-altitude')
    const [low, high] = [area.altitude, area.ceiling].map((value) =>
      value !== null && NUMBER.test(value.trim()) ? Number(value) : undefined,
    )
    if (low !== undefined && high !== undefined && high < low) flags.add('ceiling-below-altitude')
  }
  return [...flags]
}

/** undefined when it is not a pair at all; a pair out of range is a pair, and flagged. */
function readPair(part: string, flags: Set<string>): [number, number] | undefined {
  const [first, second, extra] = part.split(',')
  if (first === undefined || second === undefined || extra !== undefined || !NUMBER.test(first) || !NUMBER.test(second)) return undefined
  const [latitude, longitude] = [Number(first), Number(second)]
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) {
    flags.add('coord-out-of-range')
    if (Math.abs(latitude) <= 180 && Math.abs(longitude) <= 90) flags.add('coord-order-looks-swapped')
  }
  return [latitude, longitude]
}
