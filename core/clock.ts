/** A world's clock. Mission time comes from here and never from SQL; recorded time is always the real clock. */
export interface Clock {
  now(): Date
}

export const realClock: Clock = { now: () => new Date() }

/** A world's own time: `worldFrom` when the real clock stood at `realFrom`, running `rate` times as fast. */
export const worldClock = (realFrom: Date, worldFrom: Date, rate: number, real: Clock = realClock): Clock => ({
  now: () => new Date(worldFrom.getTime() + (real.now().getTime() - realFrom.getTime()) * rate),
})
