import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useLook } from '#core/web/view.ts'
import { Button } from '#core/web/button.tsx'
import { useWords } from '#core/web/words.ts'
import { inSight, type Camera } from '../rules/geometry.ts'
import type { Box } from '../rules/layout.ts'
import { type Stand, type Step, readingOrder, stepped } from '../rules/walk.ts'
import { inkOf, printed } from './ink.tsx'
import type { Painting } from './paint.tsx'
import { type Hand, useHand } from './hand.tsx'
import { Stagehand } from './stagehand.tsx'

export interface BoardWords {
  label: string
  painting: Omit<Painting, 'ink' | 'chosen'>
  /** When it becomes another, the whole picture is fitted into its window again. */
  fit: string
  /** Two boards with one of these move together. */
  share?: CameraShare
  onFocus: (id: string | null) => void
  onToggle: (clusterId: string) => void
  /** Sentences for whoever hears the picture. */
  sayNode: (id: string) => string
  sayLine: (lineId: string, from: string) => string
  hand?: Hand
  /** A wall has no controls. */
  bare?: boolean
}

export interface CameraShare {
  boards: Set<(camera: Camera) => void>
}
export const cameraShare = (): CameraShare => ({ boards: new Set() })

const steps: Record<string, Step> = {
  ArrowRight: 'next-line',
  ArrowLeft: 'previous-line',
  ArrowDown: 'follow',
  Enter: 'follow',
  ArrowUp: 'back',
  Backspace: 'back',
  PageDown: 'next-node',
  PageUp: 'previous-node',
  Home: 'first-node',
  End: 'last-node',
}
const panned: Record<string, [number, number]> = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }

/**
 * The picture on a canvas: drawn by hand, because 2,400 lines must follow a finger without a graphics card, and because a picture of rooms and seats
 * is no picture of dots. Everything that it shows is also said (live region), and stands in the table twin.
 */
export function Board({ label, painting, fit, share, onFocus, onToggle, sayNode, sayLine, hand, bare = false }: BoardWords) {
  const t = useWords('structure')
  const look = useLook()
  const frame = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const stage = useMemo(() => new Stagehand(), [])
  const [stand, setStand] = useState<Stand>({ node: null, line: null, trail: [] })
  const [said, say] = useState('')
  const { scene, layout } = painting
  const order = useMemo(() => readingOrder(scene, layout), [scene, layout])

  useEffect(() => {
    const [box, sheet] = [frame.current, canvas.current]
    if (!box || !sheet) return
    stage.attach(sheet)
    const watch = new ResizeObserver(() => stage.resize(box.clientWidth, box.clientHeight))
    watch.observe(box)
    stage.resize(box.clientWidth, box.clientHeight)
    return () => {
      watch.disconnect()
      stage.detach()
    }
  }, [stage])

  const chosen = stand.node !== null && stand.node === painting.focus ? stand.line : null
  useEffect(() => {
    stage.show({ ...painting, chosen, ink: inkOf(document.documentElement) })
  }, [stage, painting, chosen, look])
  useEffect(() => stage.fit(), [stage, fit])
  useEffect(() => {
    const print = () => stage.show({ ...painting, chosen: null, ink: printed(inkOf(document.documentElement)) }, true)
    const screen = () => stage.show({ ...painting, chosen, ink: inkOf(document.documentElement) }, true)
    addEventListener('beforeprint', print)
    addEventListener('afterprint', screen)
    return () => {
      removeEventListener('beforeprint', print)
      removeEventListener('afterprint', screen)
    }
  }, [stage, painting, chosen])

  useEffect(() => {
    if (!share) return
    const take = (camera: Camera) => stage.take(camera)
    share.boards.add(take)
    stage.whenMoved((camera) => {
      for (const other of share.boards) if (other !== take) other(camera)
    })
    return () => {
      share.boards.delete(take)
      stage.whenMoved(null)
    }
  }, [stage, share])

  const bringIn = useCallback(
    (id: string) => {
      const box: Box | undefined = stage.boxOf(id)
      if (box) stage.look((camera, size) => inSight(camera, box, size))
    },
    [stage],
  )
  const fromOutside = painting.focus
  useEffect(() => {
    if (fromOutside !== null) bringIn(fromOutside)
  }, [fromOutside, bringIn])

  useHand({ stage, canvas, scene, layout, ...(hand ? { hand } : {}), onFocus, onToggle, focus: painting.focus })

  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const pan = event.shiftKey ? panned[event.key] : undefined
    const step = event.shiftKey ? undefined : steps[event.key]
    const by = event.key === '+' || event.key === '=' ? 1.25 : event.key === '-' ? 0.8 : null
    if (pan) stage.look((camera) => ({ ...camera, x: camera.x + (pan[0] * 60) / camera.k, y: camera.y + (pan[1] * 60) / camera.k }), true)
    else if (by !== null) stage.zoom(by)
    else if (event.key === '0') stage.fit()
    else if (event.key === ' ') {
      const node = scene.nodes.find(({ id }) => id === painting.focus)
      const cluster = node?.kind === 'cluster' ? node.id : node?.kind === 'post' ? null : (node?.parent ?? null)
      if (cluster !== null) onToggle(cluster)
    } else if (event.key === 'Escape') {
      setStand({ node: null, line: null, trail: [] })
      onFocus(null)
    } else if (event.key.toLowerCase() === 'l' && hand && painting.focus !== null) hand.onBegin(painting.focus)
    else if (step) {
      const from: Stand = stand.node === painting.focus ? stand : { node: painting.focus, line: null, trail: [] }
      const next = stepped(scene, order, from, step)
      setStand(next)
      if (next.node !== null && next.node !== painting.focus) onFocus(next.node)
      if (next.node !== null) say(next.line === null ? sayNode(next.node) : sayLine(next.line, next.node))
    } else return
    event.preventDefault()
  }

  return (
    <div className="network-board">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application is walked by keyboard */}
      <div
        className="network-window"
        ref={frame}
        role="application"
        aria-label={label}
        aria-describedby="network-keys"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- an application is walked by keyboard
        tabIndex={0}
        onKeyDown={press}
        onFocus={() => say(painting.focus === null ? '' : sayNode(painting.focus))}
      >
        <canvas ref={canvas} className="network-canvas" />
      </div>
      <p className="unseen" role="status">
        {said}
      </p>
      {bare ? null : (
        <div className="row network-tools">
          <Button onPress={() => stage.zoom(1.25)}>{t('picture.nearer')}</Button>
          <Button onPress={() => stage.zoom(0.8)}>{t('picture.farther')}</Button>
          <Button onPress={() => stage.fit()}>{t('picture.whole')}</Button>
          <Button onPress={() => stage.putBack()}>{t('picture.putBack')}</Button>
        </div>
      )}
    </div>
  )
}
