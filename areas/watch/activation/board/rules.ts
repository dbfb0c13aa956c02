import type { Board, BoardAsk, BoardCallOut } from '../contract.ts'

/** A mark on a post's line: when something was reached, and how far it got. */
export interface Mark {
  key: string
  /** Minutes after the start, world time. */
  minutes: number
  state: BoardAsk['state']
  ask: BoardAsk
}

export interface Line {
  callOut: BoardCallOut
  asks: BoardAsk[]
  marks: Mark[]
  /** How far the line is filled: to the acceptance, else to now. */
  filledTo: number
}

const minutesBetween = (from: string, to: string) => Math.max(0, (Date.parse(to) - Date.parse(from)) / 60_000)
/** Shown on the line; that something was queued or expired is for the table. */
const shown: ReadonlySet<BoardAsk['state']> = new Set(['simulated', 'attempted', 'delivered', 'read', 'failed', 'declined', 'accepted'])

/** Which posts need a look first: unanswered, still being asked, filled, stood down. */
const rank: Record<BoardCallOut['state'], number> = { unanswered: 0, planned: 1, asking: 1, accepted: 2, 'stood-down': 3 }

export function linesOf(board: Pick<Board, 'callOuts' | 'asks'>, now: Date): Line[] {
  const lines = board.callOuts.map((callOut): Line => {
    const asks = board.asks.filter((ask) => ask.callOutId === callOut.id)
    const marks = asks.flatMap((ask) =>
      ask.reached
        .filter(({ state }) => shown.has(state))
        .map(({ state, at }) => ({ key: `${ask.id} ${state}`, minutes: minutesBetween(callOut.startedAt, at), state, ask })),
    )
    return { callOut, asks, marks, filledTo: minutesBetween(callOut.startedAt, callOut.acceptedAt ?? now.toISOString()) }
  })
  return lines.sort((one, other) => rank[one.callOut.state] - rank[other.callOut.state])
}

/** The length of all lines, in minutes: long enough for the whole ladder, and for what came after it. */
export function spanOf(lines: readonly Line[]): number {
  const last = Math.max(
    0,
    ...lines.flatMap((line) => [line.callOut.acceptedAt === null ? 0 : line.filledTo, ...line.marks.map((mark) => mark.minutes)]),
  )
  return Math.max(20, Math.ceil((last + 1) / 5) * 5)
}

/** The steps of the ladder, as fine lines behind. */
export const ladder = [0, 5, 10, 15, 20] as const

export const countsOf = (callOuts: readonly BoardCallOut[]) => ({
  all: callOuts.length,
  filled: callOuts.filter((each) => each.state === 'accepted').length,
  unanswered: callOuts.filter((each) => each.state === 'unanswered').length,
})
