import type { Layout } from './layout.ts'
import { weightOf } from './links.ts'
import type { Scene, SceneLine } from './scene.ts'

/** The order in which the keyboard goes through the picture: layer by layer, row by row, as one reads. */
export function readingOrder(scene: Scene, layout: Layout): string[] {
  const line = (id: string) => layout.boxes.get(id) ?? { x: 0, y: 0 }
  return scene.nodes.map(({ id }) => id).sort((one, other) => line(one).y - line(other).y || line(one).x - line(other).x)
}

/** The lines of a node, the weightiest first: those that direct, then reports, then the rest; then as they stand. */
export function linesAround(scene: Scene, id: string): SceneLine[] {
  const weight = ({ kind }: SceneLine) => (kind === 'several' ? 4 : weightOf[kind])
  return scene.lines.filter(({ from, to }) => from === id || to === id).sort((one, other) => weight(other) - weight(one))
}

export interface Stand {
  node: string | null
  line: string | null
  /** Where the keyboard came from, latest last, so that it can go back. */
  trail: readonly string[]
}

export type Step = 'next-node' | 'previous-node' | 'first-node' | 'last-node' | 'next-line' | 'previous-line' | 'follow' | 'back'

/** One press of a key: from where one stands to where one stands then. */
export function stepped(scene: Scene, order: readonly string[], at: Stand, step: Step): Stand {
  const fresh = (node: string | undefined): Stand => (node === undefined ? at : { node, line: null, trail: [] })
  const here = at.node !== null && order.includes(at.node) ? at.node : null
  if (here === null) return fresh(step === 'last-node' ? order.at(-1) : order[0])
  const place = order.indexOf(here)
  const around = linesAround(scene, here)
  const chosen = around.findIndex(({ id }) => id === at.line)
  const turn = (by: number): Stand => {
    if (around.length === 0) return at
    const next = chosen < 0 ? (by > 0 ? 0 : around.length - 1) : (chosen + by + around.length) % around.length
    return { ...at, node: here, line: around[next]!.id }
  }
  switch (step) {
    case 'first-node':
      return fresh(order[0])
    case 'last-node':
      return fresh(order.at(-1))
    case 'next-node':
      return fresh(order[Math.min(order.length - 1, place + 1)])
    case 'previous-node':
      return fresh(order[Math.max(0, place - 1)])
    case 'next-line':
      return turn(1)
    case 'previous-line':
      return turn(-1)
    case 'follow': {
      const line = around[chosen]
      if (!line) return turn(1)
      return { node: line.from === here ? line.to : line.from, line: null, trail: [...at.trail, here] }
    }
    case 'back': {
      const back = at.trail.at(-1)
      return back === undefined ? { ...at, line: null } : { node: back, line: null, trail: at.trail.slice(0, -1) }
    }
  }
}
