import { curveOf, type Camera, type Curve, pointOn } from '../rules/geometry.ts'
import { type Box, type Layout, margin } from '../rules/layout.ts'
import type { Use } from '../rules/links.ts'
import type { Scene, SceneLine } from '../rules/scene.ts'
import { fitting, type Ink, inTwo, type Pen } from './ink.tsx'
import { dashes, type Mark, paintEnds, paintLine, paintMark, paintMedium, paintUse, paintWords, trace, widthOf } from './paint-line.tsx'
import { type NodePen, paintNode, paintRing, readable } from './paint-node.tsx'

/** All that a painting depends on, except where things were moved to. */
export interface Painting {
  scene: Scene
  layout: Layout
  ink: Ink
  most: number
  /** Ids of nodes and lines in the light; null: everything is. */
  lit: ReadonlySet<string> | null
  focus: string | null
  /** The line that the keyboard is on. */
  chosen: string | null
  marks: ReadonlyMap<string, Mark>
  uses: ReadonlyMap<string, Use> | null
  undeclared: ReadonlyArray<{ from: string; to: string }>
  highlighted: ReadonlySet<string>
  words: NodePen['words'] & { layer: (layer: Layout['layers'][number]['layer']) => string; line: (line: SceneLine) => string }
}

export interface Stage {
  pen: Pen
  camera: Camera
  /** Device pixels to a CSS pixel. */
  density: number
  /** Window in CSS pixels. */
  size: { w: number; h: number }
  boxOf: (id: string) => Box | undefined
}

/** What is out of the light stays where it is, faintly. */
const dim = 0.13
/** Beyond so many lines they are drawn fainter, so that where they crowd shows as a shade. */
const many = [
  { above: 1200, strength: 0.3 },
  { above: 400, strength: 0.45 },
  { above: 120, strength: 0.65 },
] as const

export function begin({ pen, camera, density }: Stage): void {
  const k = camera.k * density
  pen.setTransform(k, 0, 0, k, -camera.x * k, -camera.y * k)
}

export function clear({ pen }: Stage, ink: Ink): void {
  pen.setTransform(1, 0, 0, 1, 0, 0)
  pen.globalAlpha = 1
  pen.fillStyle = ink.sheet
  pen.fillRect(0, 0, pen.canvas.width, pen.canvas.height)
}

const nodePen = (stage: Stage, it: Painting): NodePen => ({
  pen: stage.pen,
  ink: it.ink,
  k: stage.camera.k,
  most: it.most,
  marks: it.marks,
  words: it.words,
})

/** The tiers as bands, each with its name in the margin, and the frames of open sectors. */
export function paintGround(stage: Stage, it: Painting): void {
  const { pen, camera } = stage
  const { ink, layout } = it
  begin(stage)
  pen.globalAlpha = 1
  pen.setLineDash([])
  const left = Math.max(0, camera.x)
  for (const { layer, y, h } of layout.layers) {
    pen.fillStyle = ink.shade
    pen.globalAlpha = 0.55
    pen.fillRect(0, y - 14, layout.width, h + 28)
    pen.globalAlpha = 1
    const size = readable(13, camera.k, 11)
    pen.font = `600 ${size}px ${ink.family}`
    pen.fillStyle = ink.soft
    pen.textAlign = 'left'
    pen.textBaseline = 'top'
    for (const [place, line] of inTwo(pen, it.words.layer(layer), Math.max(margin, 90 / camera.k) - 18).entries())
      pen.fillText(line, left + 10, y - 6 + place * size * 1.2)
  }
  for (const frame of it.scene.frames) {
    const box = layout.frames.get(frame.id)
    if (!box) continue
    pen.globalAlpha = 1
    pen.strokeStyle = ink.rule
    pen.lineWidth = 1
    pen.fillStyle = ink.paper
    pen.fillRect(box.x, box.y, box.w, box.h)
    pen.strokeRect(box.x, box.y, box.w, box.h)
    const size = Math.min(15, readable(12, camera.k, 10))
    pen.font = `600 ${size}px ${ink.family}`
    pen.fillStyle = ink.soft
    pen.textBaseline = 'middle'
    pen.fillText(fitting(pen, `− ${frame.name}`, box.w - 16), box.x + 8, box.y + 13)
  }
}

const lineCurve = (stage: Stage, line: SceneLine): Curve | null => {
  const [from, to] = [stage.boxOf(line.from), stage.boxOf(line.to)]
  return from && to ? curveOf(from, to, line.lane, line.lanes) : null
}

const isLit = (it: Painting, line: SceneLine) => it.lit === null || it.lit.has(line.id) || line.linkIds.some((id) => it.lit?.has(id))

/** Lines, those in the light above the rest; of one look in one stroke, because strokes are what costs. */
export function paintLines(stage: Stage, it: Painting, lines: readonly SceneLine[]): void {
  const { pen, camera } = stage
  const { ink } = it
  begin(stage)
  const strength = many.find(({ above }) => it.scene.lines.length > above)?.strength ?? 0.8
  const batches = new Map<string, { look: SceneLine; lit: boolean; curves: { line: SceneLine; curve: Curve }[] }>()
  for (const line of lines) {
    if (line.id === it.chosen) continue
    const curve = lineCurve(stage, line)
    if (!curve) continue
    const lit = isLit(it, line)
    const key = `${lit} ${widthOf({ kind: line.kind, count: line.linkIds.length })} ${line.untested}`
    const batch = batches.get(key) ?? { look: line, lit, curves: [] }
    batch.curves.push({ line, curve })
    batches.set(key, batch)
  }
  const ordered = [...batches.values()].sort((one, other) => Number(one.lit) - Number(other.lit))
  const fewLit = it.lit !== null
  for (const { look, lit, curves } of ordered) {
    const colour = fewLit && lit ? ink.action : ink.ink
    pen.globalAlpha = lit ? (fewLit ? 0.9 : strength) : dim
    if (it.uses && lit)
      for (const { line, curve } of curves) if (line.linkIds.some((id) => it.uses?.get(id) === 'used')) paintUse(pen, curve, 'used', ink)
    pen.strokeStyle = colour
    const wide = widthOf({ kind: look.kind, count: look.linkIds.length })
    pen.lineWidth =
      fewLit && lit ? Math.max(wide + 0.5, 1.4 / camera.k) : it.scene.lines.length > 120 ? wide : Math.max(wide, 0.8 / camera.k)
    pen.setLineDash(look.untested ? [...dashes.untested] : [])
    for (let start = 0; start < curves.length; start += 64) {
      pen.beginPath()
      for (const { curve } of curves.slice(start, start + 64)) trace(pen, curve)
      pen.stroke()
    }
    if (!lit) continue
    const signs = camera.k >= (fewLit ? 0.3 : curves.length > 300 ? 0.9 : 0.45)
    for (const { line, curve } of curves) {
      if (signs) paintEnds(pen, curve, line.kind, colour, ink.sheet)
      paintOnLine(stage, it, line, curve, colour, signs)
    }
  }
  pen.globalAlpha = 1
}

function paintOnLine(stage: Stage, it: Painting, line: SceneLine, curve: Curve, colour: string, signs: boolean): void {
  const { pen, camera } = stage
  const middle = pointOn(curve, 0.5)
  if (line.linkIds.length > 1 && signs) paintWords(pen, middle, String(line.linkIds.length), it.ink, readable(10, camera.k, 9))
  else if (signs && camera.k >= 0.6) paintMedium(pen, middle, line.backup, colour, it.ink.sheet)
  if (it.uses && line.linkIds.every((id) => it.uses?.get(id) === 'not-used')) paintUse(pen, curve, 'not-used', it.ink)
}

export function paintNodes(stage: Stage, it: Painting, ids?: ReadonlySet<string>): void {
  begin(stage)
  const { camera, size } = stage
  const edge = { right: camera.x + size.w / camera.k, bottom: camera.y + size.h / camera.k }
  const node = nodePen(stage, it)
  for (const one of it.scene.nodes) {
    if (ids && !ids.has(one.id)) continue
    const box = stage.boxOf(one.id)
    if (!box || box.x > edge.right || box.y > edge.bottom || box.x + box.w < camera.x || box.y + box.h < camera.y) continue
    stage.pen.globalAlpha = it.lit === null || it.lit.has(one.id) || one.seats.some(({ id }) => it.lit?.has(id)) ? 1 : 0.3
    paintNode(node, one, box)
    stage.pen.globalAlpha = 1
    if (it.highlighted.has(one.id)) paintRing(node, box, it.ink.alarm)
  }
}

/** What lies above all: used but declared nowhere, the ring, the chosen line with its words, lines of a finding. */
export function paintAbove(stage: Stage, it: Painting): void {
  begin(stage)
  const { pen, camera } = stage
  for (const { from, to } of it.undeclared) {
    const [a, b] = [stage.boxOf(from), stage.boxOf(to)]
    if (a && b) paintUse(pen, curveOf(a, b, 1, 2), 'undeclared', it.ink)
  }
  for (const line of it.scene.lines) {
    const isFound = line.linkIds.some((id) => it.highlighted.has(id))
    const mark = line.linkIds.map((id) => it.marks.get(id)).find((one) => one !== undefined)
    if (line.id !== it.chosen && !isFound && !mark) continue
    const curve = lineCurve(stage, line)
    if (!curve) continue
    if (mark) paintMark(pen, pointOn(curve, 0.42), mark, it.ink, readable(8, camera.k, 7))
    if (line.id !== it.chosen && !isFound) continue
    const look = { kind: line.kind, untested: line.untested, backup: line.backup, count: line.linkIds.length }
    paintLine(pen, curve, look, isFound ? it.ink.alarm : it.ink.action, it.ink.sheet, 1.5)
    if (line.id === it.chosen) paintWords(pen, pointOn(curve, 0.5), it.words.line(line), it.ink, readable(11, camera.k, 12))
  }
  const ring = it.focus === null ? undefined : stage.boxOf(it.focus)
  if (ring) paintRing({ pen, ink: it.ink, k: camera.k }, ring)
}

export function paintAll(stage: Stage, it: Painting): void {
  clear(stage, it.ink)
  paintGround(stage, it)
  paintLines(stage, it, it.scene.lines)
  paintNodes(stage, it)
  paintAbove(stage, it)
}
