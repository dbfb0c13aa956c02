import type { Carrier, Delivery, Message } from './channel.ts'
import { failed } from './channel.ts'

/** Limits of one channel; times in milliseconds. */
export type LaneLimits = { concurrency: number; timeoutMs: number; waitMs: number; restMs: number }
export const defaultLimits: LaneLimits = { concurrency: 16, timeoutMs: 10_000, waitMs: 120_000, restMs: 10_000 }

type Waiting = { message: Message; since: number; resolve: (delivery: Delivery) => void }

/**
 * One channel's own queue: a gateway that hangs fills its own lane and no other. It never throws: a message that cannot be handed over is
 * `failed`, so that the next channel can be tried at once. A gateway that failed as often in a row as the lane is wide rests for a while, and
 * what waits fails at once instead of waiting for one time limit after another.
 */
export function openLane(carrier: Carrier, limits: LaneLimits) {
  const waiting: Waiting[] = []
  let first = 0
  let running = 0
  let faults = 0
  let restUntil = 0
  let closed = false

  async function attempt(message: Message): Promise<Delivery> {
    const ending = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<ReturnType<typeof failed>>((resolve) => {
      timer = setTimeout(() => {
        resolve(failed('The gateway did not answer in time. The message may have gone out.', true))
        ending.abort()
      }, limits.timeoutMs)
    })
    const sent = carrier.send(message, ending.signal).catch(() => failed('The message could not be handed to the gateway.', true))
    const { gatewayDown, ...delivery } = await Promise.race([sent, tooLate])
    clearTimeout(timer)
    faults = gatewayDown === true ? faults + 1 : 0
    if (faults >= limits.concurrency) {
      restUntil = performance.now() + limits.restMs
      faults = limits.concurrency - 1
    }
    return delivery
  }

  function refusal(since: number): Delivery | undefined {
    if (closed) return { state: 'failed', detail: 'The channel is closed. The message was not sent.' }
    const now = performance.now()
    if (now < restUntil) return { state: 'failed', detail: 'The gateway has stopped answering. The message was not sent.' }
    if (now - since > limits.waitMs) return { state: 'failed', detail: 'The channel is overloaded. The message was not sent.' }
    return undefined
  }

  function next(): void {
    while (running < limits.concurrency && first < waiting.length) {
      const { message, since, resolve } = waiting[first] as Waiting
      first += 1
      if (first > 1_000 && first * 2 > waiting.length) first -= waiting.splice(0, first).length
      const no = refusal(since)
      if (no !== undefined) {
        resolve(no)
        continue
      }
      void carry(message, resolve)
    }
  }

  async function carry(message: Message, resolve: Waiting['resolve']): Promise<void> {
    running += 1
    const delivery = await attempt(message)
    running -= 1
    resolve(delivery)
    next()
  }

  return {
    send: (message: Message): Promise<Delivery> =>
      new Promise((resolve) => {
        waiting.push({ message, since: performance.now(), resolve })
        next()
      }),
    /** Counts only: fit for /metrics. */
    depth: () => ({ waiting: waiting.length - first, running, resting: performance.now() < restUntil }),
    close: () => {
      closed = true
      next()
      carrier.close()
    },
  }
}
