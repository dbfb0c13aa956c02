import { type Box, measures, seatBox } from '../rules/layout.ts'
import type { SceneNode, Seat } from '../rules/scene.ts'
import { fitting, type Ink, inTwo, type Pen } from './ink.tsx'
import { type Mark, paintMark } from './paint-line.tsx'

export interface NodePen {
  pen: Pen
  ink: Ink
  /** Scale of the picture: small things leave their words out, and titles stay readable. */
  k: number
  /** The most links that any node carries, so that the largest disc is as large as can be. */
  most: number
  marks: ReadonlyMap<string, Mark>
  words: { noChair: string; chair: string; more: (count: number) => string }
}

/** A title's size in the picture so that it is never under `least` px on the screen. */
export const readable = (size: number, k: number, least: number): number => Math.max(size, least / k)

/** Load as size: the disc's area grows with the links that end here. */
export const discOf = (load: number, most: number, largest: number): number =>
  load === 0 ? 0 : Math.max(2, largest * Math.sqrt(load / Math.max(most, 1)))

function paintDisc({ pen, ink, k, most }: NodePen, x: number, y: number, load: number, largest: number): void {
  const radius = discOf(load, most, largest)
  if (radius === 0) return
  pen.beginPath()
  pen.arc(x, y, radius, 0, Math.PI * 2)
  pen.fillStyle = ink.ink
  pen.fill()
  if (radius * k >= 8) {
    pen.fillStyle = ink.sheet
    pen.font = `600 ${Math.min(11, radius)}px ${ink.family}`
    pen.textAlign = 'center'
    pen.textBaseline = 'middle'
    pen.fillText(String(load), x, y + 0.5)
  }
}

export function paintSeat({ pen, ink, k, marks }: Pick<NodePen, 'pen' | 'ink' | 'k' | 'marks'>, seat: Seat, { x, y, w, h }: Box): void {
  pen.beginPath()
  pen.rect(x, y, w, h)
  pen.fillStyle = seat.office === 'chair' ? ink.ink : seat.standing === 'core' ? ink.shade : ink.sheet
  pen.fill()
  pen.strokeStyle = seat.standing === 'core' ? ink.ink : ink.strong
  pen.lineWidth = seat.standing === 'core' ? 1.25 : 1
  pen.setLineDash(seat.standing === 'invitee' ? [3, 3] : [])
  pen.stroke()
  pen.setLineDash([])
  if (seat.office === 'deputy') pen.strokeRect(x + 2.5, y + 2.5, w - 5, h - 5)
  if (k >= 0.6) {
    pen.font = `${seat.office === null ? 400 : 600} 10.5px ${ink.family}`
    pen.fillStyle = seat.office === 'chair' ? ink.sheet : ink.ink
    pen.textAlign = 'center'
    pen.textBaseline = 'middle'
    pen.fillText(fitting(pen, seat.short, w - 8), x + w / 2, y + h / 2 + 0.5)
  }
  const mark = marks.get(seat.id)
  if (mark) paintMark(pen, { x: x + w, y }, mark, ink, 6)
}

/** A room: square, a heavy upper edge, its title and chair, and its seats. */
function paintRoom(it: NodePen, node: SceneNode, box: Box): void {
  const { pen, ink, k, words } = it
  const { x, y, w, h } = box
  pen.fillStyle = ink.sheet
  pen.fillRect(x, y, w, h)
  pen.strokeStyle = ink.ink
  pen.lineWidth = 1.25
  pen.strokeRect(x, y, w, h)
  pen.fillStyle = ink.ink
  pen.fillRect(x, y, w, 4)
  paintDisc(it, x + w - 19, y + 23, node.load, 14)
  pen.textAlign = 'left'
  pen.textBaseline = 'alphabetic'
  const room = w - measures.pad * 2 - (node.load > 0 ? 26 : 0)
  if (k < 0.6) {
    // From afar the title takes the whole head, as large as two lines let it be.
    const size = Math.min(17, readable(13, k, 10))
    pen.font = `700 ${size}px ${ink.family}`
    pen.fillStyle = ink.ink
    const lines = inTwo(pen, node.name, room)
    for (const [place, line] of lines.entries())
      pen.fillText(line, x + measures.pad, y + (lines.length === 1 ? 27 : 19) + place * size * 1.1)
  } else {
    pen.font = `700 13px ${ink.family}`
    pen.fillStyle = ink.ink
    pen.fillText(fitting(pen, node.name, room), x + measures.pad, y + 20)
    pen.font = `${node.second === null ? 600 : 400} 11px ${ink.family}`
    pen.fillStyle = node.second === null ? ink.alarm : ink.soft
    pen.fillText(
      fitting(pen, node.second === null ? `▲ ${words.noChair}` : `${words.chair} ${node.second}`, room),
      x + measures.pad,
      y + 35,
    )
  }
  for (const [place, seat] of node.seats.entries()) paintSeat(it, seat, seatBox(box, node.seats.length, place))
}

/** An agency: rounded, with its disc; a post: a pill under its agency. */
function paintPlate(it: NodePen, node: SceneNode, { x, y, w, h }: Box): void {
  const { pen, ink, k } = it
  const isAgency = node.kind === 'agency'
  pen.beginPath()
  pen.roundRect(x, y, w, h, isAgency ? 8 : h / 2)
  pen.fillStyle = ink.sheet
  pen.fill()
  pen.strokeStyle = isAgency ? ink.ink : ink.strong
  pen.lineWidth = isAgency ? 1.25 : 1
  pen.stroke()
  const largest = isAgency ? 14 : 8
  paintDisc(it, x + largest + 4, y + h / 2, node.load, largest)
  if (k < (isAgency ? 0.45 : 0.6)) return
  pen.font = isAgency ? `600 11px ${ink.family}` : `400 10.5px ${ink.family}`
  pen.fillStyle = ink.ink
  pen.textAlign = 'left'
  pen.textBaseline = 'middle'
  const start = x + largest * 2 + 9
  const lines = isAgency ? inTwo(pen, node.name, x + w - 6 - start) : [fitting(pen, node.name, x + w - 8 - start)]
  for (const [place, line] of lines.entries()) pen.fillText(line, start, y + h / 2 + (place - (lines.length - 1) / 2) * 13 + 0.5)
}

/** A closed cluster: a deck of cards, its name and how many it holds. */
function paintCluster(it: NodePen, node: SceneNode, { x, y, w, h }: Box): void {
  const { pen, ink, k, words } = it
  pen.strokeStyle = ink.strong
  pen.lineWidth = 1
  for (const step of [8, 4, 0]) {
    pen.beginPath()
    pen.roundRect(x + step, y + step, w - 8, h - 8, 8)
    pen.fillStyle = step === 0 ? ink.sheet : ink.shade
    if (step === 0) {
      pen.strokeStyle = ink.ink
      pen.lineWidth = 1.5
    }
    pen.fill()
    pen.stroke()
  }
  paintDisc(it, x + 22, y + (h - 8) / 2, node.load, 17)
  pen.textAlign = 'left'
  pen.textBaseline = 'middle'
  const size = Math.min(15, readable(13, k, 10))
  pen.font = `700 ${size}px ${ink.family}`
  pen.fillStyle = ink.ink
  pen.fillText(fitting(pen, node.name, w - 62), x + 44, y + 17)
  pen.font = `400 ${Math.min(13, readable(11, k, 9))}px ${ink.family}`
  pen.fillStyle = ink.soft
  pen.fillText(fitting(pen, `+ ${words.more(node.holds)}`, w - 62), x + 44, y + 35)
}

export function paintNode(it: NodePen, node: SceneNode, box: Box): void {
  it.pen.setLineDash([])
  if (node.kind === 'group') paintRoom(it, node, box)
  else if (node.kind === 'cluster') paintCluster(it, node, box)
  else paintPlate(it, node, box)
  const mark = it.marks.get(node.id)
  if (mark) paintMark(it.pen, { x: box.x, y: box.y + 2 }, mark, it.ink, readable(9, it.k, 8))
}

/** Where the eye and the keyboard are. */
export function paintRing({ pen, ink, k }: Pick<NodePen, 'pen' | 'ink' | 'k'>, { x, y, w, h }: Box, colour = ink.focus): void {
  const space = 4 / k
  pen.setLineDash([])
  pen.lineWidth = 3 / k
  pen.strokeStyle = colour
  pen.strokeRect(x - space, y - space, w + space * 2, h + space * 2)
}
