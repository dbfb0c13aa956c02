/** One published entry, ready to send. `world` null is city-wide. */
export type Frame = { readonly position: number; readonly world: string | null; readonly label: number; readonly bytes: Buffer }

/** The newest frames, so that a viewer who was away for a moment resumes without the database. */
export type Recent = {
  add: (frame: Frame) => void
  /** Everything published after this position is still here. */
  covers: (position: number) => boolean
  /** Frames after a position, oldest first. */
  after: (position: number) => Frame[]
}

/**
 * @param limit bytes kept
 * @param position the hub's first position: nothing at or before it is known
 */
export const createRecent = (limit: number, position: number): Recent => {
  // A queue in one array: `first` moves on, and the dead part is cut off when it is the larger one.
  let frames: Frame[] = []
  let first = 0
  let size = 0
  let floor = position
  return {
    add: (frame) => {
      frames.push(frame)
      size += frame.bytes.length
      while (size > limit) {
        const oldest = frames[first++] as Frame
        size -= oldest.bytes.length
        floor = oldest.position
      }
      if (first > 1024 && first > frames.length / 2) {
        frames = frames.slice(first)
        first = 0
      }
    },
    covers: (after) => after >= floor,
    after: (after) => {
      let low = first
      let high = frames.length
      while (low < high) {
        const middle = (low + high) >>> 1
        if ((frames[middle] as Frame).position > after) high = middle
        else low = middle + 1
      }
      return frames.slice(low)
    },
  }
}
