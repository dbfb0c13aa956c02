/** A world's clock. Mission time comes from here and never from SQL; recorded time is always the real clock. */
export interface Clock {
  now(): Date
  /** The real moment at which this world's clock shows, or showed, `at`. */
  real(at: Date): Date
  /** What this world's clock shows, or showed, at the real moment `at`. */
  world(at: Date): Date
}

export const realClock: Clock = { now: () => new Date(), real: (at) => at, world: (at) => at }

/** A world's own time: `worldFrom` when the real clock stood at `realFrom`, running `rate` times as fast. */
export function worldClock(realFrom: Date, worldFrom: Date, rate: number, running: Pick<Clock, 'now'> = realClock): Clock {
  const world = (at: Date) => new Date(worldFrom.getTime() + (at.getTime() - realFrom.getTime()) * rate)
  return {
    now: () => world(running.now()),
    real: (at) => new Date(realFrom.getTime() + (at.getTime() - worldFrom.getTime()) / rate),
    world,
  }
}
