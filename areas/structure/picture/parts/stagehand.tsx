import { type Camera, fitted, type Point, zoomed } from '../rules/geometry.ts'
import type { Box } from '../rules/layout.ts'
import { begin, clear, paintAbove, paintAll, paintGround, paintLines, paintNodes, type Painting, type Stage } from './paint.tsx'
import type { Pen } from './ink.tsx'

/** With more lines than this a moving picture is the last one, shifted, until it rests. */
const many = 300
const rest = 150

/**
 * Holds a canvas, where its picture stands and what was moved in it, and paints at most once a frame. While a node follows a finger, all that
 * does not move is a bitmap, and only the node and its own lines are drawn again.
 */
export class Stagehand {
  private onCamera: ((camera: Camera) => void) | null = null
  private overlay: ((pen: Pen, camera: Camera) => void) | null = null
  private canvas: HTMLCanvasElement | null = null
  private pen: Pen | null = null
  private painting: Painting | null = null
  private camera: Camera | null = null
  private size = { w: 0, h: 0 }
  private density = 1
  private moved = new Map<string, Point>()
  private lifted: { ids: ReadonlySet<string>; still: HTMLCanvasElement } | null = null
  private last: { picture: HTMLCanvasElement; camera: Camera } | null = null
  private asked = 0
  private moving = false
  /** Somebody chose where to look: a window of another size does not undo that. */
  private touched = false
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
    const density = Math.min(2, devicePixelRatio || 1)
    // A canvas that is told its size is wiped, even when the size is the same.
    if (this.size.w === w && this.size.h === h && this.density === density) return
    this.size = { w, h }
    this.density = density
    this.canvas.width = Math.round(w * this.density)
    this.canvas.height = Math.round(h * this.density)
    if (isFirst) this.fit()
    else if (!this.touched) this.fit()
    this.paintNow()
  }
  /** @param now at once and not with the next frame: a printer does not wait */
  show(painting: Painting, now = false): void {
    if (this.painting === painting) return
    const isFirst = this.painting === null
    this.painting = painting
    if (isFirst) this.fit()
    if (now || isFirst) this.paintNow()
    else this.ask()
  }
  fit(): void {
    if (!this.painting || this.size.w === 0) return
    const { width, height } = this.painting.layout
    this.touched = false
    this.set(fitted(width, height, this.size))
  }
  putBack(): void {
    this.moved.clear()
    this.fit()
    this.ask()
  }
  zoom(by: number, at: Point = { x: this.size.w / 2, y: this.size.h / 2 }): void {
    if (!this.camera) return
    this.touched = true
    this.set(zoomed(this.camera, by, at), true)
  }
  look(change: (camera: Camera, size: { w: number; h: number }) => Camera, moving = false): void {
    if (!this.camera) return
    const camera = change(this.camera, this.size)
    if (moving) this.touched = true
    this.set(camera, moving)
  }
  /** Told of each movement of the camera, so that a board beside this one can go along. */
  whenMoved(told: ((camera: Camera) => void) | null): void {
    this.onCamera = told
  }
  /** Drawn last, in the picture's units: a line that is being drawn, a seat on its way. */
  drawLast(overlay: ((pen: Pen, camera: Camera) => void) | null): void {
    this.overlay = overlay
    this.ask()
  }
  /** A camera from a board beside this one. */
  take(camera: Camera): void {
    this.touched = true
    this.stand(camera, true)
  }
  private set(camera: Camera, moving = false): void {
    if (this.stand(camera, moving)) this.onCamera?.(camera)
  }
  private stand(camera: Camera, moving: boolean): boolean {
    const before = this.camera
    if (before && before.x === camera.x && before.y === camera.y && before.k === camera.k) return false
    this.camera = camera
    if (moving) {
      if (!this.moving && before) this.keep(before)
      this.moving = true
      this.rest()
    }
    this.ask()
    return true
  }
  private held = false
  /** A finger is down: until it is lifted the picture does not rest, however slow the machine. */
  hold(held: boolean): void {
    this.held = held
    if (!held && this.moving) this.rest()
  }
  private rest(): void {
    clearTimeout(this.resting)
    if (this.held) return
    this.resting = setTimeout(() => {
      this.moving = false
      this.ask()
    }, rest)
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
    } else if (this.moving && this.last) this.shift(stage, this.last)
    else {
      paintAll(stage, this.painting)
      this.last = null
    }
    if (this.overlay) {
      begin(stage)
      this.overlay(stage.pen, stage.camera)
    }
    this.tell()
  }
  /** For whoever measures: that it is drawn, since when, and where its first node is (px, within the canvas). */
  private tell(): void {
    if (!this.canvas || !this.painting || !this.camera) return
    if (this.canvas.dataset.drawn === undefined) performance.mark('network-drawn')
    this.canvas.dataset.drawn = 'yes'
    const [first] = this.painting.scene.nodes
    const box = first && this.boxOf(first.id)
    if (box) {
      const { x, y, k } = this.camera
      this.canvas.dataset.first = `${Math.round((box.x + box.w / 2 - x) * k)} ${Math.round((box.y + 12 - y) * k)}`
    }
  }
  /** The picture as it stands, at the beginning of a movement. */
  private keep(camera: Camera): void {
    if (!this.canvas || !this.painting || this.painting.scene.lines.length <= many) return
    const picture = document.createElement('canvas')
    picture.width = this.canvas.width
    picture.height = this.canvas.height
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
