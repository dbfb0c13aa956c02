import { curveOf, farFrom, type Point } from './geometry.ts'
import { type Box, type Layout, measures, seatBox } from './layout.ts'
import type { Scene, SceneLine, SceneNode } from './scene.ts'

export type Hit =
  | { on: 'seat'; id: string; node: SceneNode; box: Box }
  | { on: 'node'; id: string; node: SceneNode; box: Box }
  | { on: 'frame'; id: string }
  | { on: 'line'; id: string; line: SceneLine }

export const within = ({ x, y, w, h }: Box, point: Point): boolean => point.x >= x && point.x <= x + w && point.y >= y && point.y <= y + h

/** Nothing that can be pressed is smaller than this on the screen (WCAG 2.5.8), px. */
const target = 24
const grown = (box: Box, k: number): Box => {
  const [wide, tall] = [Math.max(0, target / k - box.w) / 2, Math.max(0, target / k - box.h) / 2]
  return { x: box.x - wide, y: box.y - tall, w: box.w + wide * 2, h: box.h + tall * 2 }
}

/** What lies under a point: a seat in its room, a node, the title of an open sector, else the nearest line within reach of a finger. */
export function hitOf(scene: Scene, layout: Layout, boxOf: (id: string) => Box | undefined, point: Point, k: number): Hit | null {
  const over: { node: SceneNode; box: Box }[] = []
  for (const node of scene.nodes) {
    const box = boxOf(node.id)
    if (!box || !within(grown(box, k), point)) continue
    const seat = within(box, point) ? node.seats.find((_, place) => within(seatBox(box, node.seats.length, place), point)) : undefined
    if (seat) return { on: 'seat', id: seat.id, node, box }
    over.push({ node, box })
  }
  const nearest = over.sort((one, other) => awayFrom(one.box, point) - awayFrom(other.box, point))[0]
  if (nearest) return { on: 'node', id: nearest.node.id, ...nearest }
  for (const frame of scene.frames) {
    const box = layout.frames.get(frame.id)
    if (box && within({ ...box, h: Math.max(measures.title, target / k) }, point)) return { on: 'frame', id: frame.id }
  }
  let best: { line: SceneLine; far: number } | null = null
  for (const line of scene.lines) {
    const [from, to] = [boxOf(line.from), boxOf(line.to)]
    if (!from || !to) continue
    const far = farFrom(curveOf(from, to, line.lane, line.lanes), point)
    if (far <= 8 / k && (best === null || far < best.far)) best = { line, far }
  }
  return best && { on: 'line', id: best.line.id, line: best.line }
}

const awayFrom = (box: Box, point: Point): number =>
  within(box, point) ? 0 : Math.hypot(point.x - box.x - box.w / 2, point.y - box.y - box.h / 2)

/** The room under a point. */
export const roomAt = (scene: Scene, boxOf: (id: string) => Box | undefined, point: Point): SceneNode | undefined =>
  scene.nodes.find((node) => {
    const box = node.kind === 'group' ? boxOf(node.id) : undefined
    return box !== undefined && within(box, point)
  })
