import type { Box } from './layout.ts'

export interface Point {
  x: number
  y: number
}
/** A cubic curve: where it begins and ends and what pulls it. */
export interface Curve {
  from: Point
  to: Point
  one: Point
  two: Point
}

const middle = ({ x, y, w, h }: Box): Point => ({ x: x + w / 2, y: y + h / 2 })

/**
 * A line from box to box: out of the lower edge of the upper one and into the upper edge of the lower, like a cable between decks; between
 * neighbours of one deck an arc over their heads. Lanes keep several lines between the same two apart.
 */
export function curveOf(from: Box, to: Box, lane = 0, lanes = 1): Curve {
  const [a, b] = [middle(from), middle(to)]
  const beside = (lane - (lanes - 1) / 2) * 9
  // A line leaves towards the other end, so that lines of one box fan out and do not lie on each other.
  const leave = (box: Box, at: Point, other: Point) => {
    const reach = Math.max(0, box.w / 2 - 10)
    return at.x + Math.max(-reach, Math.min(reach, (other.x - at.x) * 0.2 + beside))
  }
  const [ax, bx] = [leave(from, a, b), leave(to, b, a)]
  const down = to.y - (from.y + from.h)
  const up = from.y - (to.y + to.h)
  if (down > 8 || up > 8) {
    const falls = down > 8
    const start = { x: ax, y: falls ? from.y + from.h : from.y }
    const end = { x: bx, y: falls ? to.y : to.y + to.h }
    const pull = Math.min(160, Math.abs(end.y - start.y) * 0.5) * (falls ? 1 : -1)
    return { from: start, to: end, one: { x: start.x, y: start.y + pull }, two: { x: end.x, y: end.y - pull } }
  }
  const height = Math.min(70, 18 + Math.abs(b.x - a.x) * 0.12) + Math.abs(beside)
  const [start, end] = [
    { x: ax, y: from.y },
    { x: bx, y: to.y },
  ]
  return { from: start, to: end, one: { x: start.x, y: start.y - height }, two: { x: end.x, y: end.y - height } }
}

/** @param share 0 at its beginning, 1 at its end */
export function pointOn({ from, one, two, to }: Curve, share: number): Point {
  const rest = 1 - share
  const weigh = (a: number, b: number, c: number, d: number) =>
    rest ** 3 * a + 3 * rest ** 2 * share * b + 3 * rest * share ** 2 * c + share ** 3 * d
  return { x: weigh(from.x, one.x, two.x, to.x), y: weigh(from.y, one.y, two.y, to.y) }
}

/** How far a point is from a curve, in the picture's units: good enough to say which line was meant. */
export function farFrom(curve: Curve, point: Point): number {
  let least = Infinity
  for (let step = 0; step <= 24; step += 1) {
    const on = pointOn(curve, step / 24)
    const next = pointOn(curve, Math.min(1, (step + 1) / 24))
    least = Math.min(least, farFromStretch(on, next, point))
  }
  return least
}

function farFromStretch(a: Point, b: Point, point: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const long = dx * dx + dy * dy
  const share = long === 0 ? 0 : Math.max(0, Math.min(1, ((point.x - a.x) * dx + (point.y - a.y) * dy) / long))
  return Math.hypot(point.x - a.x - share * dx, point.y - a.y - share * dy)
}

/** Where the picture stands in its window: `x`, `y` is the picture's point at the window's corner, `k` the scale. */
export interface Camera {
  x: number
  y: number
  k: number
}
export const scales = { least: 0.04, most: 4 } as const

/** The whole picture in the window with a little air around it, never larger than its own size and a half. */
export function fitted(width: number, height: number, window: { w: number; h: number }): Camera {
  const air = 24
  const k = Math.max(scales.least, Math.min(1.5, window.w / (width + air), window.h / (height + air * 2)))
  return { k, x: width / 2 - window.w / 2 / k, y: height / 2 - window.h / 2 / k }
}

/** Nearer or farther, with one point of the window (px) staying where it is. */
export function zoomed(camera: Camera, by: number, at: Point): Camera {
  const k = Math.max(scales.least, Math.min(scales.most, camera.k * by))
  return { k, x: camera.x + at.x / camera.k - at.x / k, y: camera.y + at.y / camera.k - at.y / k }
}

/** So that a box is in sight, with some room around it; unmoved when it is already. */
export function inSight(camera: Camera, box: Box, window: { w: number; h: number }): Camera {
  const edge = 24 / camera.k
  const [w, h] = [window.w / camera.k, window.h / camera.k]
  const along = (start: number, size: number, low: number, room: number) =>
    low - edge >= start && low + size + edge <= start + room ? start : low + size / 2 - room / 2
  return { ...camera, x: along(camera.x, box.w, box.x, w), y: along(camera.y, box.h, box.y, h) }
}
