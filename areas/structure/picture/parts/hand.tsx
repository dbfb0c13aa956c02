import { useEffect, useRef, type RefObject } from 'react'
import { hitOf, roomAt, type Hit } from '../rules/hit.ts'
import type { Point } from '../rules/geometry.ts'
import type { Layout } from '../rules/layout.ts'
import type { Scene } from '../rules/scene.ts'
import type { Stagehand } from './stagehand.tsx'

/** What an editor lets a hand do. */
export interface Hand {
  /** `link`: a drag from node to node draws a link; `move`: it moves the node in the picture only. Seats move from room to room with either. */
  tool: 'move' | 'link'
  onLink: (from: string, to: string) => void
  onSeat: (seatId: string, groupId: string) => void
  /** The keyboard's way of drawing: from here. */
  onBegin: (from: string) => void
  onLine: (lineId: string) => void
}

interface Parts {
  stage: Stagehand
  canvas: RefObject<HTMLCanvasElement | null>
  scene: Scene
  layout: Layout
  focus: string | null
  hand?: Hand
  onFocus: (id: string | null) => void
  onToggle: (clusterId: string) => void
}

/** A slip of less than this many px is a press and not a drag. */
const slip = 5

type Deed = { does: 'pan' } | { does: 'move' } | { does: 'link'; from: string } | { does: 'seat'; id: string; words: string }

/** Mouse, pen and fingers: press, drag, pinch, wheel. */
export function useHand(parts: Parts): void {
  const now = useRef(parts)
  useEffect(() => {
    now.current = parts
  })
  const { stage, canvas } = parts
  useEffect(() => {
    const sheet = canvas.current
    if (!sheet) return
    const fingers = new Map<number, Point>()
    let begun: { at: Point; hit: Hit | null } | null = null
    let deed: Deed | null = null
    let latest: Point = { x: 0, y: 0 }
    const at = (event: MouseEvent): Point => {
      const corner = sheet.getBoundingClientRect()
      return { x: event.clientX - corner.left, y: event.clientY - corner.top }
    }
    const hitAt = (point: Point) => hitOf(now.current.scene, now.current.layout, stage.boxOf, stage.inPicture(point), stage.scale)

    const start = (from: { at: Point; hit: Hit | null }): Deed => {
      const { hand, scene } = now.current
      const { hit } = from
      if (hit?.on === 'seat' && hand)
        return { does: 'seat', id: hit.id, words: hit.node.seats.find(({ id }) => id === hit.id)?.short ?? '' }
      if (hit?.on !== 'node' && hit?.on !== 'seat') return { does: 'pan' }
      if (hand?.tool === 'link') return { does: 'link', from: hit.node.id }
      const its = scene.nodes.filter(({ parent }) => parent === hit.node.id).map(({ id }) => id)
      stage.lift(new Set([hit.node.id, ...its]))
      return { does: 'move' }
    }
    const drawn = () => {
      const to = stage.inPicture(latest)
      stage.drawLast((pen, { k }) => {
        const style = getComputedStyle(document.documentElement)
        pen.strokeStyle = style.getPropertyValue('--action')
        pen.fillStyle = style.getPropertyValue('--action')
        pen.lineWidth = 2.5 / k
        pen.setLineDash([])
        if (deed?.does === 'link') {
          const box = stage.boxOf(deed.from)
          if (!box) return
          pen.beginPath()
          pen.moveTo(box.x + box.w / 2, box.y + box.h / 2)
          pen.lineTo(to.x, to.y)
          pen.stroke()
          pen.beginPath()
          pen.arc(to.x, to.y, 5 / k, 0, Math.PI * 2)
          pen.fill()
        } else if (deed?.does === 'seat') {
          pen.strokeRect(to.x - 31, to.y - 10, 62, 20)
          pen.font = `600 ${11}px ${style.getPropertyValue('--typeface')}`
          pen.textAlign = 'center'
          pen.textBaseline = 'middle'
          pen.fillText(deed.words.slice(0, 9), to.x, to.y)
        }
      })
    }

    const down = (event: PointerEvent) => {
      if (event.pointerType === 'mouse' && event.button !== 0) return
      sheet.setPointerCapture(event.pointerId)
      fingers.set(event.pointerId, at(event))
      stage.hold(true)
      latest = at(event)
      if (fingers.size === 1) begun = { at: latest, hit: hitAt(latest) }
      else {
        begun = null
        finish(false)
      }
    }
    const move = (event: PointerEvent) => {
      const before = fingers.get(event.pointerId)
      if (!before) return
      const here = at(event)
      if (fingers.size === 2) {
        const other = [...fingers].find(([id]) => id !== event.pointerId)![1]
        const far = (one: Point) => Math.max(1, Math.hypot(one.x - other.x, one.y - other.y))
        stage.zoom(far(here) / far(before), { x: (here.x + other.x) / 2, y: (here.y + other.y) / 2 })
        fingers.set(event.pointerId, here)
        return
      }
      fingers.set(event.pointerId, here)
      if (deed === null) {
        if (!begun || Math.hypot(here.x - begun.at.x, here.y - begun.at.y) < slip) return
        deed = start(begun)
        latest = begun.at
      }
      const by = { x: (here.x - latest.x) / stage.scale, y: (here.y - latest.y) / stage.scale }
      latest = here
      if (deed.does === 'pan') stage.look((camera) => ({ ...camera, x: camera.x - by.x, y: camera.y - by.y }), true)
      else if (deed.does === 'move') stage.move(by)
      else drawn()
    }
    const finish = (done: boolean) => {
      const ended = deed
      deed = null
      stage.drawLast(null)
      stage.drop()
      const { hand, scene } = now.current
      if (!done || !ended || !hand) return
      if (ended.does === 'link') {
        const hit = hitAt(latest)
        if ((hit?.on === 'node' || hit?.on === 'seat') && hit.node.id !== ended.from) hand.onLink(ended.from, hit.node.id)
      } else if (ended.does === 'seat') {
        const room = roomAt(scene, stage.boxOf, stage.inPicture(latest))
        if (room) hand.onSeat(ended.id, room.id)
      }
    }
    const up = (event: PointerEvent) => {
      if (!fingers.delete(event.pointerId)) return
      if (fingers.size > 0) return
      stage.hold(false)
      if (deed) finish(event.type === 'pointerup')
      else if (begun && event.type === 'pointerup') pressed(begun.hit)
      begun = null
    }
    const pressed = (hit: Hit | null) => {
      const { onFocus, onToggle, focus, hand } = now.current
      if (hit === null) onFocus(null)
      else if (hit.on === 'frame') onToggle(hit.id)
      else if (hit.on === 'line') {
        if (hand) hand.onLine(hit.id)
        else onFocus(hit.line.from)
      } else if (hit.node.kind === 'cluster' && hit.node.id === focus) onToggle(hit.node.id)
      else onFocus(hit.node.id)
    }
    const turn = (event: WheelEvent) => {
      // A wheel belongs to the page until the picture was asked for.
      if (!event.ctrlKey && !event.metaKey && !sheet.parentElement?.matches(':focus-within')) return
      event.preventDefault()
      stage.zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0015)), at(event))
    }
    sheet.addEventListener('pointerdown', down)
    sheet.addEventListener('pointermove', move)
    sheet.addEventListener('pointerup', up)
    sheet.addEventListener('pointercancel', up)
    sheet.addEventListener('wheel', turn, { passive: false })
    return () => {
      sheet.removeEventListener('pointerdown', down)
      sheet.removeEventListener('pointermove', move)
      sheet.removeEventListener('pointerup', up)
      sheet.removeEventListener('pointercancel', up)
      sheet.removeEventListener('wheel', turn)
    }
  }, [stage, canvas])
}
