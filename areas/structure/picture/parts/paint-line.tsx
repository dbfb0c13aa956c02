import type { LinkKind } from '../../network/contract.ts'
import { type Curve, pointOn, type Point } from '../rules/geometry.ts'
import { type Backup, type Use, weightOf } from '../rules/links.ts'
import { fitting, type Ink, type Pen } from './ink.tsx'

export type Mark = 'came' | 'went' | 'changed'

export interface LineLook {
  kind: LinkKind | 'several'
  untested: boolean
  backup: Backup
  /** How many links it stands for. */
  count: number
}

export const dashes = { untested: [7, 5], dots: [0.1, 6] } as const

export function trace(pen: Pen, { from, one, two, to }: Curve): void {
  pen.moveTo(from.x, from.y)
  pen.bezierCurveTo(one.x, one.y, two.x, two.y, to.x, to.y)
}

export const widthOf = ({ kind, count }: Pick<LineLook, 'kind' | 'count'>): number =>
  kind === 'several' ? Math.min(6, 2 + Math.sqrt(count) * 0.6) : weightOf[kind] * Math.min(2, 1 + (count - 1) * 0.1)

/** The sign at the end says the kind: full arrow directs, open arrow reports, dot informs, diamond requests, a bar at both ends liaises. */
export function paintEnds(pen: Pen, curve: Curve, kind: LineLook['kind'], colour: string, paper: string): void {
  if (kind === 'several') return
  pen.strokeStyle = colour
  pen.lineWidth = 1.5
  pen.setLineDash([])
  const sign = (tip: Point, before: Point, shape: LinkKind) => {
    const angle = Math.atan2(tip.y - before.y, tip.x - before.x)
    pen.save()
    pen.translate(tip.x, tip.y)
    pen.rotate(angle)
    pen.beginPath()
    if (shape === 'liaises') {
      pen.moveTo(-3, -5)
      pen.lineTo(-3, 5)
    } else if (shape === 'informs') pen.arc(-4, 0, 3.5, 0, Math.PI * 2)
    else if (shape === 'requests') {
      pen.moveTo(0, 0)
      pen.lineTo(-6, -4.5)
      pen.lineTo(-12, 0)
      pen.lineTo(-6, 4.5)
      pen.closePath()
    } else {
      pen.moveTo(0, 0)
      pen.lineTo(-10, -5)
      pen.lineTo(-10, 5)
      pen.closePath()
    }
    pen.fillStyle = shape === 'directs' || shape === 'informs' ? colour : paper
    if (shape !== 'liaises') pen.fill()
    pen.stroke()
    pen.restore()
  }
  sign(curve.to, curve.two, kind)
  if (kind === 'liaises') sign(curve.from, curve.one, kind)
}

/** The sign on the middle: a full square where a backup is there, an open one where there is none, a cross where no medium is named at all. */
export function paintMedium(pen: Pen, at: Point, backup: Backup, colour: string, paper: string): void {
  pen.setLineDash([])
  pen.lineWidth = 1.5
  pen.strokeStyle = colour
  pen.beginPath()
  if (backup === 'no-medium') {
    for (const turn of [-1, 1]) {
      pen.moveTo(at.x - 4, at.y - 4 * turn)
      pen.lineTo(at.x + 4, at.y + 4 * turn)
    }
    pen.stroke()
    return
  }
  pen.rect(at.x - 3.5, at.y - 3.5, 7, 7)
  pen.fillStyle = backup === 'there' ? colour : paper
  pen.fill()
  pen.stroke()
}

/** Came, went, changed: plus, minus, triangle in a ring; by shape, then by word in the key and the table. */
export function paintMark(pen: Pen, at: Point, mark: Mark, ink: Ink, size = 8): void {
  pen.setLineDash([])
  pen.beginPath()
  pen.arc(at.x, at.y, size, 0, Math.PI * 2)
  pen.fillStyle = mark === 'came' ? ink.action : ink.sheet
  pen.fill()
  pen.strokeStyle = mark === 'went' ? ink.alarm : ink.action
  pen.lineWidth = 2
  pen.stroke()
  pen.beginPath()
  const arm = size * 0.55
  if (mark === 'changed') {
    pen.moveTo(at.x, at.y - arm)
    pen.lineTo(at.x + arm, at.y + arm * 0.8)
    pen.lineTo(at.x - arm, at.y + arm * 0.8)
    pen.closePath()
  } else {
    pen.moveTo(at.x - arm, at.y)
    pen.lineTo(at.x + arm, at.y)
    if (mark === 'came') {
      pen.moveTo(at.x, at.y - arm)
      pen.lineTo(at.x, at.y + arm)
    }
  }
  pen.strokeStyle = mark === 'came' ? ink.sheet : mark === 'went' ? ink.alarm : ink.action
  pen.stroke()
}

/** Words on a line, on paper of their own so that they can be read over it. */
export function paintWords(pen: Pen, at: Point, words: string, ink: Ink, size: number): void {
  pen.font = `600 ${size}px ${ink.family}`
  const text = fitting(pen, words, 260 * (size / 11))
  const wide = pen.measureText(text).width + size * 0.8
  pen.fillStyle = ink.sheet
  pen.strokeStyle = ink.action
  pen.lineWidth = size / 11
  pen.setLineDash([])
  pen.beginPath()
  pen.roundRect(at.x - wide / 2, at.y - size * 0.8, wide, size * 1.6, size * 0.3)
  pen.fill()
  pen.stroke()
  pen.fillStyle = ink.ink
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  pen.fillText(text, at.x, at.y + size * 0.05)
}

/** One line whole, as the key shows it and as a chosen line is drawn. */
export function paintLine(pen: Pen, curve: Curve, look: LineLook, colour: string, paper: string, extra = 0): void {
  pen.strokeStyle = colour
  pen.lineWidth = widthOf(look) + extra
  pen.lineCap = 'butt'
  pen.setLineDash(look.untested ? [...dashes.untested] : [])
  pen.beginPath()
  trace(pen, curve)
  pen.stroke()
  paintEnds(pen, curve, look.kind, colour, paper)
}

/** Observed over declared: a broad band beneath a link that was used, a ring on one that was not; what is declared nowhere is a row of dots. */
export function paintUse(pen: Pen, curve: Curve, use: Use | 'undeclared', ink: Ink): void {
  pen.beginPath()
  if (use === 'not-used') {
    const at = pointOn(curve, 0.3)
    pen.setLineDash([])
    pen.arc(at.x, at.y, 4.5, 0, Math.PI * 2)
    pen.fillStyle = ink.sheet
    pen.fill()
    pen.strokeStyle = ink.soft
    pen.lineWidth = 1.5
    pen.stroke()
    return
  }
  trace(pen, curve)
  pen.lineCap = 'round'
  pen.strokeStyle = ink.action
  if (use === 'used') {
    pen.setLineDash([])
    pen.lineWidth = 9
    pen.globalAlpha *= 0.3
    pen.stroke()
    pen.globalAlpha /= 0.3
  } else {
    pen.setLineDash([...dashes.dots])
    pen.lineWidth = 3.5
    pen.stroke()
  }
  pen.lineCap = 'butt'
}
