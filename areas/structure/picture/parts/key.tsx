import { useEffect, useRef } from 'react'
import { Section } from '#core/web/page.tsx'
import { useLook } from '#core/web/view.ts'
import { useWords } from '#core/web/words.ts'
import type { Curve } from '../rules/geometry.ts'
import type { SceneNode, Seat } from '../rules/scene.ts'
import { type Ink, inkOf, type Pen, printed } from './ink.tsx'
import { paintLine, paintMark, paintMedium, paintUse, paintWords } from './paint-line.tsx'
import { paintNode, paintRing, paintSeat } from './paint-node.tsx'

const size = { w: 84, h: 40 }
const straight: Curve = { from: { x: 6, y: 20 }, to: { x: 78, y: 20 }, one: { x: 30, y: 20 }, two: { x: 54, y: 20 } }

type Draw = (pen: Pen, ink: Ink) => void

/** One sign, painted by what paints the picture: a key that cannot tell another story than its picture. */
function Sign({ draw }: { draw: Draw }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const look = useLook()
  useEffect(() => {
    const sheet = canvas.current
    const pen = sheet?.getContext('2d')
    if (!sheet || !pen) return
    const paint = (ink: Ink) => {
      const density = Math.min(2, devicePixelRatio || 1)
      sheet.width = size.w * density
      sheet.height = size.h * density
      pen.setTransform(density, 0, 0, density, 0, 0)
      draw(pen, ink)
    }
    const screen = () => paint(inkOf(document.documentElement))
    const paper = () => paint(printed(inkOf(document.documentElement)))
    screen()
    addEventListener('beforeprint', paper)
    addEventListener('afterprint', screen)
    return () => {
      removeEventListener('beforeprint', paper)
      removeEventListener('afterprint', screen)
    }
  }, [draw, look])
  return <canvas ref={canvas} className="network-sign" aria-hidden="true" />
}

const none = new Map<string, never>()
const words = { noChair: '', chair: '', more: String }
const node = (kind: SceneNode['kind'], load = 0): SceneNode => ({
  id: '',
  kind,
  layer: 'strategic',
  name: '',
  second: '',
  load,
  seats: [],
  parent: null,
  holds: 3,
})
const plate =
  (kind: SceneNode['kind'], h: number): Draw =>
  (pen, ink) =>
    paintNode({ pen, ink, k: 1, most: 12, marks: none, words }, node(kind, 4), { x: 8, y: 20 - h / 2, w: 68, h })
const seat =
  (more: Partial<Seat>): Draw =>
  (pen, ink) =>
    paintSeat(
      { pen, ink, k: 1, marks: none },
      { id: '', agencyId: '', short: '', name: '', standing: 'core', office: null, ...more },
      { x: 12, y: 10, w: 60, h: 20 },
    )
const line =
  (kind: Parameters<typeof paintLine>[2]['kind'], untested = false): Draw =>
  (pen, ink) =>
    paintLine(pen, straight, { kind, untested, backup: 'there', count: 1 }, ink.ink, ink.sheet)
const medium =
  (backup: 'there' | 'none' | 'no-medium'): Draw =>
  (pen, ink) => {
    line('informs')(pen, ink)
    paintMedium(pen, { x: 42, y: 20 }, backup, ink.ink, ink.sheet)
  }
const mark =
  (how: 'came' | 'went' | 'changed'): Draw =>
  (pen, ink) =>
    paintMark(pen, { x: 42, y: 20 }, how, ink, 9)
const inUse =
  (how: 'used' | 'not-used' | 'undeclared'): Draw =>
  (pen, ink) => {
    if (how === 'used') paintUse(pen, straight, how, ink)
    if (how !== 'undeclared') line('informs')(pen, ink)
    if (how !== 'used') paintUse(pen, straight, how, ink)
  }

const signs: Record<string, Draw> = {
  room: (pen, ink) => {
    paintNode({ pen, ink, k: 0.1, most: 1, marks: none, words }, node('group'), { x: 10, y: 4, w: 64, h: 32 })
    for (const place of [0, 1, 2])
      paintSeat(
        { pen, ink, k: 0.1, marks: none },
        { id: '', agencyId: '', short: '', name: '', standing: 'core', office: null },
        { x: 15 + place * 19, y: 20, w: 15, h: 10 },
      )
  },
  core: seat({}),
  standing: seat({ standing: 'standing' }),
  invitee: seat({ standing: 'invitee' }),
  chair: seat({ office: 'chair' }),
  deputy: seat({ office: 'deputy' }),
  agency: plate('agency', 32),
  post: plate('post', 19),
  cluster: plate('cluster', 38),
  load: (pen, ink) => {
    pen.fillStyle = ink.ink
    for (const [place, radius] of [3, 7, 12].entries()) {
      pen.beginPath()
      pen.arc(16 + place * 24, 20, radius, 0, Math.PI * 2)
      pen.fill()
    }
  },
  directs: line('directs'),
  reports: line('reports'),
  informs: line('informs'),
  requests: line('requests'),
  liaises: line('liaises'),
  untested: line('informs', true),
  backup: medium('there'),
  noBackup: medium('none'),
  noMedium: medium('no-medium'),
  several: (pen, ink) => {
    paintLine(pen, straight, { kind: 'several', untested: true, backup: 'there', count: 8 }, ink.ink, ink.sheet)
    paintWords(pen, { x: 42, y: 20 }, '8', ink, 11)
  },
  came: mark('came'),
  went: mark('went'),
  changed: mark('changed'),
  used: inUse('used'),
  notUsed: inUse('not-used'),
  undeclared: inUse('undeclared'),
  finding: (pen, ink) => {
    plate('agency', 24)(pen, ink)
    paintRing({ pen, ink, k: 1 }, { x: 10, y: 9, w: 64, h: 22 }, ink.alarm)
  },
}

const always = [
  'room',
  'core',
  'standing',
  'invitee',
  'chair',
  'deputy',
  'agency',
  'post',
  'cluster',
  'load',
  'directs',
  'reports',
  'informs',
  'requests',
  'liaises',
  'untested',
  'backup',
  'noBackup',
  'noMedium',
  'several',
]

/** Every sign that this picture uses, with its words. */
export function Key({ most, marks, uses, finding }: { most: number; marks: boolean; uses: boolean; finding: boolean }) {
  const t = useWords('structure')
  const shown = [
    ...always,
    ...(marks ? ['came', 'went', 'changed'] : []),
    ...(uses ? ['used', 'notUsed', 'undeclared'] : []),
    ...(finding ? ['finding'] : []),
  ]
  return (
    <Section title={t('key.title')}>
      <ul className="network-key">
        {shown.map((sign) => (
          <li key={sign}>
            <Sign draw={signs[sign]!} />
            <span>{t(`key.${sign}`, { most })}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
