import { type Layer, layers, type Scene, type SceneNode } from './scene.ts'

export interface Box {
  x: number
  y: number
  w: number
  h: number
}
export interface Layout {
  boxes: ReadonlyMap<string, Box>
  /** Boxes of open clusters, by their key. */
  frames: ReadonlyMap<string, Box>
  layers: ReadonlyArray<{ layer: Layer; y: number; h: number }>
  width: number
  height: number
}

/** Measures of the picture at its own size (1 unit is 1 px at scale 1). */
export const measures = {
  seat: { w: 62, h: 20, gap: 4 },
  head: 42,
  pad: 8,
  agency: { w: 148, h: 36 },
  post: { h: 19, gap: 3 },
  title: 24,
} as const
const gap = { between: 24, row: 24, layer: 40, cell: 6 }
/** Room for the names of the layers. */
export const margin = 116

export const seatColumns = (seats: number): number => Math.min(12, Math.max(3, Math.ceil(Math.sqrt(seats * 4))))
/** Where the nth seat of a room is, from the room's corner. */
export function seatBox(room: Box, seats: number, place: number): Box {
  const columns = seatColumns(seats)
  const { w, h, gap: space } = measures.seat
  const x = room.x + measures.pad + (place % columns) * (w + space)
  return { x, y: room.y + measures.head + Math.floor(place / columns) * (h + space), w, h }
}

/** Width by height of the windows that a picture is laid out for. */
export const aspects = { desk: 1.3, pocket: 0.9, wall: 1.9, beside: 0.8 } as const

interface Block {
  w: number
  h: number
  put: (x: number, y: number) => void
}

const roomSize = (seats: number): { w: number; h: number } => {
  const columns = seatColumns(seats)
  const { w, h, gap: space } = measures.seat
  const rows = Math.ceil(seats / columns)
  return {
    w: measures.pad * 2 + columns * (w + space) - space,
    h: measures.head + rows * (h + space) + (rows === 0 ? 0 : measures.pad - space),
  }
}

/**
 * Tiers lie in layers, the widest view at the top: national, policy, strategic, tactical, operational; below them the agencies, by sector; and under
 * all the partnerships of ordinary weeks. Within a layer, rows are filled from the start in the network's own order and stand in the middle. The
 * width is chosen so that the whole comes near to `aspect` (width by height).
 */
export function layoutOf(scene: Scene, aspect: number): Layout {
  const widths = [700, 900, 1100, 1300, 1600, 1900, 2300, 2800, 3400, 4200, 5200]
  const tried = widths.map((width) => placed(scene, width))
  const far = ({ width, height }: Layout) => Math.abs(Math.log(width / Math.max(1, height) / aspect))
  return tried.reduce((best, one) => (far(one) < far(best) ? one : best))
}

function placed(scene: Scene, width: number): Layout {
  const boxes = new Map<string, Box>()
  const frames = new Map<string, Box>()
  const children = Map.groupBy(scene.nodes, ({ parent }) => parent)
  const bands: { layer: Layer; y: number; h: number }[] = []
  let y = 0
  let widest = 0
  for (const layer of layers) {
    const blocks = blocksOf(layer, scene, children, boxes, frames, width)
    if (blocks.length === 0) continue
    const top = y
    y += gap.row / 2
    for (const row of rowsOf(blocks, width)) {
      const across = row.reduce((sum, { w }) => sum + w, 0) + gap.between * (row.length - 1)
      let x = margin + Math.max(0, (width - across) / 2)
      for (const block of row) {
        block.put(x, y)
        x += block.w + gap.between
      }
      widest = Math.max(widest, x - gap.between)
      y += Math.max(...row.map(({ h }) => h)) + gap.row
    }
    y -= gap.row / 2
    bands.push({ layer, y: top, h: y - top })
    y += gap.layer
  }
  return { boxes, frames, layers: bands, width: Math.max(widest, margin + width) + gap.between, height: Math.max(0, y - gap.layer) }
}

function rowsOf(blocks: Block[], width: number): Block[][] {
  const rows: Block[][] = [[]]
  let used = 0
  for (const block of blocks) {
    const row = rows.at(-1)!
    if (row.length > 0 && used + gap.between + block.w > width) {
      rows.push([block])
      used = block.w
    } else {
      used += (row.length > 0 ? gap.between : 0) + block.w
      row.push(block)
    }
  }
  return rows
}

function blocksOf(
  layer: Layer,
  scene: Scene,
  children: ReadonlyMap<string | null, SceneNode[]>,
  boxes: Map<string, Box>,
  frames: Map<string, Box>,
  width: number,
): Block[] {
  const closed = scene.nodes.filter((node) => node.kind === 'cluster' && node.layer === layer)
  const blocks = closed.map((node): Block => {
    const size = { w: 190, h: 58 }
    return { ...size, put: (x, y) => void boxes.set(node.id, { x, y, ...size }) }
  })
  for (const frame of scene.frames.filter((one) => one.layer === layer)) {
    const held = children.get(frame.id) ?? []
    if (layer !== 'agencies') {
      for (const node of held) {
        const size = roomSize(node.seats.length)
        blocks.push({ ...size, put: (x, y) => void boxes.set(node.id, { x, y, ...size }) })
      }
      continue
    }
    blocks.push(frameOf(frame.id, held, children, boxes, frames, width))
  }
  return blocks
}

/** A sector: its agencies in columns as even as can be, each with the posts that have links under it. */
function frameOf(
  key: string,
  held: readonly SceneNode[],
  children: ReadonlyMap<string | null, SceneNode[]>,
  boxes: Map<string, Box>,
  frames: Map<string, Box>,
  width: number,
): Block {
  const { agency, post, pad, title } = measures
  const tall = (node: SceneNode) => agency.h + (children.get(node.id)?.length ?? 0) * (post.h + post.gap)
  const most = Math.max(1, Math.floor((width - pad * 2) / (agency.w + gap.cell)))
  const columns = Math.min(most, Math.max(1, Math.ceil(Math.sqrt(held.length / 2.2))))
  const heights = Array.from({ length: columns }, () => 0)
  const cells = held.map((node) => {
    const column = heights.indexOf(Math.min(...heights))
    const cell = { node, column, y: heights[column]! }
    heights[column] = cell.y + tall(node) + gap.cell
    return cell
  })
  const size = { w: pad * 2 + columns * (agency.w + gap.cell) - gap.cell, h: title + Math.max(...heights) - gap.cell + pad }
  return {
    ...size,
    put: (x, y) => {
      frames.set(key, { x, y, ...size })
      for (const cell of cells) {
        const corner = { x: x + pad + cell.column * (agency.w + gap.cell), y: y + title + cell.y }
        boxes.set(cell.node.id, { ...corner, w: agency.w, h: agency.h })
        for (const [place, one] of (children.get(cell.node.id) ?? []).entries())
          boxes.set(one.id, {
            x: corner.x + 14,
            y: corner.y + agency.h + post.gap + place * (post.h + post.gap),
            w: agency.w - 14,
            h: post.h,
          })
      }
    },
  }
}
