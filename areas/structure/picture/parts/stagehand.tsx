import { type Camera, fitted, type Point, zoomed } from '../rules/geometry.ts'
import type { Box } from '../rules/layout.ts'
import { begin, clear, paintAbove, paintAll, paintGround, paintLines, paintNodes, type Painting, type Stage } from './paint.tsx'
import type { Pen } from './ink.tsx'

/** Slower than this (ms) and a moving picture is the last one, shifted, until it rests. */
const slow = 12
const rest = 90

/**
 * Holds a canvas, where its picture stands and what was moved in it, and paints at most once a frame. While a node follows a finger, all that
 * does not move is a bitmap, and only the node and its own lines are drawn again.
 */
export class Stagehand {
  onCamera: ((camera: Camera) => void) | null = null
  /** Drawn last, in the picture's units: a line that is being drawn, a seat on its way. */
  overlay: ((pen: Pen, camera: Camera) => void) | null = null
  private canvas: HTMLCanvasElement | null = null
  private pen: Pen | null = null
  private painting: Painting | null = null
  private camera: Camera | null = null
  private size = { w: 0, h: 0 }
  private density = 1
  private moved = new Map<string, Point>()
  private lifted: { ids: ReadonlySet<string>; still: HTMLCanvasElement } | null = null
  private last: { picture: HTMLCanvasElement; camera: Camera } | null = null
  private took = 0
  private asked = 0
  private moving = false
  private resting: ReturnType<typeof setTimeout> | undefined

  attach(canvas: HTMLCanvasElement): void {
    this.canvas = canvas
    // Without a graphics card a canvas that lives in memory is the quicker one, and it can be copied from.
    this.pen = canvas.getContext('2d', { alpha: false })
  }
  detach(): void {
    cancelAnimationFrame(this.asked)
    clearTimeout(this.resting)
    this.asked = 0
    this.canvas = null
    this.pen = null
  }
  resize(w: number, h: number): void {
    if (!this.canvas || w === 0 || h === 0) return
    const isFirst = this.size.w === 0
    const before = this.size
    this.size = { w, h }
    this.density = Math.min(2, devicePixelRatio || 1)
    this.canvas.width = Math.round(w * this.density)
    this.canvas.height = Math.round(h * this.density)
    if (isFirst) this.fit()
    else if (this.camera && before.w !== w) this.camera = { ...this.camera, k: this.camera.k }
    this.paintNow()
  }
  /** @param now at once and not with the next frame: a printer does not wait */
  show(painting: Painting, now = false): void {
    const isFirst = this.painting === null
    this.painting = painting
    if (isFirst) this.fit()
    if (now || isFirst) this.paintNow()
    else this.ask()
  }
  fit(): void {
    if (!this.painting || this.size.w === 0) return
    const { width, height } = this.painting.layout
    this.set(fitted(width, height + 40, this.size))
  }
  putBack(): void {
    this.moved.clear()
    this.fit()
    this.ask()
  }
  zoom(by: number, at: Point = { x: this.size.w / 2, y: this.size.h / 2 }): void {
    if (this.camera) this.set(zoomed(this.camera, by, at), true)
  }
  look(change: (camera: Camera, size: { w: number; h: number }) => Camera, moving = false): void {
    if (this.camera) this.set(change(this.camera, this.size), moving)
  }
  /** A camera from a board beside this one. */
  take(camera: Camera): void {
    this.camera = camera
    this.ask()
  }
  private set(camera: Camera, moving = false): void {
    this.camera = camera
    this.onCamera?.(camera)
    if (moving) {
      this.moving = true
      clearTimeout(this.resting)
      this.resting = setTimeout(() => {
        this.moving = false
        this.ask()
      }, rest)
    }
    this.ask()
  }

  boxOf = (id: string): Box | undefined => {
    const box = this.painting?.layout.boxes.get(id)
    const by = this.moved.get(id)
    return box && by ? { ...box, x: box.x + by.x, y: box.y + by.y } : box
  }
  /** A point of the window in the picture's units. */
  inPicture(at: Point): Point {
    const { x, y, k } = this.camera ?? { x: 0, y: 0, k: 1 }
    return { x: x + at.x / k, y: y + at.y / k }
  }
  get scale(): number {
    return this.camera?.k ?? 1
  }

  /** Takes nodes up: what stays becomes a bitmap. */
  lift(ids: ReadonlySet<string>): void {
    if (!this.canvas || !this.painting) return
    const still = document.createElement('canvas')
    still.width = this.canvas.width
    still.height = this.canvas.height
    const stage = this.stageOn(still.getContext('2d', { alpha: false }))
    if (!stage) return
    const rests = this.painting.scene.lines.filter(({ from, to }) => !ids.has(from) && !ids.has(to))
    clear(stage, this.painting.ink)
    paintGround(stage, this.painting)
    paintLines(stage, this.painting, rests)
    paintNodes(stage, this.painting, new Set(this.painting.scene.nodes.map(({ id }) => id).filter((id) => !ids.has(id))))
    this.lifted = { ids, still }
  }
  move(by: Point): void {
    for (const id of this.lifted?.ids ?? []) {
      const before = this.moved.get(id) ?? { x: 0, y: 0 }
      this.moved.set(id, { x: before.x + by.x, y: before.y + by.y })
    }
    this.ask()
  }
  drop(): void {
    this.lifted = null
    this.ask()
  }
  ask(): void {
    if (this.asked === 0 && this.canvas)
      this.asked = requestAnimationFrame(() => {
        this.asked = 0
        this.paintNow()
      })
  }

  private stageOn(pen: Pen | null): Stage | null {
    return pen && this.camera ? { pen, camera: this.camera, density: this.density, size: this.size, boxOf: this.boxOf } : null
  }
  private paintNow(): void {
    const stage = this.stageOn(this.pen)
    if (!stage || !this.painting || !this.canvas || this.size.w === 0) return
    if (this.lifted) {
      const { ids, still } = this.lifted
      stage.pen.setTransform(1, 0, 0, 1, 0, 0)
      stage.pen.globalAlpha = 1
      stage.pen.drawImage(still, 0, 0)
      paintLines(
        stage,
        this.painting,
        this.painting.scene.lines.filter(({ from, to }) => ids.has(from) || ids.has(to)),
      )
      paintNodes(stage, this.painting, ids)
      paintAbove(stage, this.painting)
    } else if (this.moving && this.last && this.took > slow) this.shift(stage, this.last)
    else {
      const began = performance.now()
      paintAll(stage, this.painting)
      this.took = performance.now() - began
      this.keep(stage.camera)
    }
    if (this.overlay) {
      begin(stage)
      this.overlay(stage.pen, stage.camera)
    }
    this.canvas.dataset.drawn = String(Number(this.canvas.dataset.drawn ?? 0) + 1)
  }
  private keep(camera: Camera): void {
    if (!this.canvas || this.took <= slow) return
    const picture = this.last?.picture ?? document.createElement('canvas')
    if (picture.width !== this.canvas.width || picture.height !== this.canvas.height) {
      picture.width = this.canvas.width
      picture.height = this.canvas.height
    }
    picture.getContext('2d', { alpha: false })?.drawImage(this.canvas, 0, 0)
    this.last = { picture, camera }
  }
  /** The last whole picture, where it would be now. */
  private shift(stage: Stage, last: { picture: HTMLCanvasElement; camera: Camera }): void {
    clear(stage, this.painting!.ink)
    const { camera, density } = stage
    const k = camera.k / last.camera.k
    stage.pen.setTransform(k, 0, 0, k, (last.camera.x - camera.x) * camera.k * density, (last.camera.y - camera.y) * camera.k * density)
    stage.pen.drawImage(last.picture, 0, 0)
  }
}
