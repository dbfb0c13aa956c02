import { parentPort } from 'node:worker_threads'
import type { Task } from './in-worker.ts'
import { lossOf, modelOf, pairs, singles } from './engine.ts'
import { quorumTime } from './time.ts'

/** Answers one task and is done: exact for reach, simulated for time. */
parentPort?.once('message', ({ network, mode, taken, groups, seed, draws, most }: Task) => {
  const model = modelOf(network)
  parentPort?.postMessage({
    loss: mode === 'these' ? lossOf(model, taken) : null,
    singles: mode === 'these' ? [] : singles(model).slice(0, most),
    pairs: mode === 'any-two' ? pairs(model, most) : null,
    quorum: groups.map(({ members, quorum }, at) => quorumTime(members, quorum, draws, seed + at)),
  })
})
