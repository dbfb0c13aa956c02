import { Worker } from 'node:worker_threads'
import type { Network } from '../network/contract.ts'
import type { Found, Taken } from './contract.ts'
import type { Answering, QuorumTime } from './time.ts'

export interface Task {
  network: Network
  mode: 'these' | 'any-one' | 'any-two'
  taken: readonly Taken[]
  groups: readonly { members: readonly Answering[]; quorum: number }[]
  seed: number
  draws: number
  /** How many of the worst are handed back. */
  most: number
}
type Answer = Pick<Found, 'loss' | 'singles' | 'pairs'> & { quorum: QuorumTime[] }

/**
 * Works a task out beside the server, which goes on meanwhile. `beat` is called twice a second: a transaction that waits for us must say
 * that it is still there. Rejects when the worker ends before it has answered.
 */
export async function inWorker(task: Task, beat: () => Promise<unknown>): Promise<Answer> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url))
  let waiting = true
  const answered = new Promise<Answer>((resolve, reject) => {
    worker.once('message', resolve).once('error', reject)
    worker.once('exit', () => reject(new Error('A worker ended before it answered.')))
  }).finally(() => {
    waiting = false
  })
  worker.postMessage(task)
  const pause = () => new Promise((resolve) => setTimeout(resolve, 500))
  try {
    while (waiting) {
      await Promise.race([answered, pause()])
      if (waiting) await beat()
    }
    return await answered
  } finally {
    await worker.terminate()
  }
}
