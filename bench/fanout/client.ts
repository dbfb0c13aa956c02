import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { hubWire, natsWire, openReader } from './reader.ts'
import type { Reader } from './reader.ts'
import { BODY, bodyOf, LABELS, labelsOfViewers } from './scene.ts'
import type { Scene } from './scene.ts'

/** All viewers and the publisher, in one process on the other core: the same code for the hub and for the reference. */
export type Setting = Scene & { system: 'hub' | 'nats'; streams: number; door: number }
export type Task =
  | { task: 'saturate'; window: number; ms: number }
  | { task: 'rate'; entries: number; ms: number }
  | { task: 'stop'; readers: number }
  | { task: 'stopped' }
export type Measured = {
  deliveries: number
  perSecond: number
  p50: number
  p99: number
  leaks: number
  lost: number
  disorder: number
  broken: number
}

const setting = JSON.parse(process.argv[2] ?? '{}') as Setting
const hub = setting.system === 'hub'
const labels = hub
  ? labelsOfViewers(setting)
  : Array.from({ length: setting.viewers }, () => Array.from({ length: LABELS }, (_, label) => label))
const may = labels.map((each) => Uint8Array.from({ length: LABELS }, (_, label) => (each.includes(label) ? 1 : 0)))
const audience = new Int32Array(LABELS)
for (const each of labels) for (const label of each) audience[label] = (audience[label] as number) + 1

const TABLE = 1 << 16
const sentAt = new Float64Array(TABLE)
const due = new Int32Array(TABLE)
const labelOf = new Uint8Array(TABLE)
const BUCKET_MS = 0.05
const histogram = new Uint32Array(400_000)
let counting = false
let deliveries = 0
let leaks = 0
let disorder = 0
let broken = 0
let sequence = 0
let flying = 0
let window = 0
let pumping = false
let now = performance.now()

const readers: Reader[] = []
const onEntry = (reader: Reader, entry: number, label: number): void => {
  const slot = entry & (TABLE - 1)
  if ((may[reader.viewer] as Uint8Array)[label] !== 1 || labelOf[slot] !== label) leaks++
  if (entry <= reader.last) disorder++
  reader.last = entry
  if (reader.stopped) return
  if (counting) {
    deliveries++
    const bucket = ((now - (sentAt[slot] as number)) / BUCKET_MS) | 0
    const place = bucket < histogram.length ? bucket : histogram.length - 1
    histogram[place] = (histogram[place] as number) + 1
  }
  const left = (due[slot] as number) - 1
  due[slot] = left
  if (left === 0) {
    flying--
    if (window > 0 && !pumping) {
      pumping = true
      setImmediate(pump)
    }
  }
}

const onBroken = (): void => {
  broken++
}
// The clock is read once for all entries of one read.
const onRead = (): void => {
  now = performance.now()
}

const publisher = connect({ port: setting.door, host: '127.0.0.1', noDelay: true })
publisher.on('data', (data) => {
  if (!hub && data.includes('PING')) publisher.write('PONG\r\n')
})
if (!hub) publisher.write('CONNECT {"verbose":false,"pedantic":false}\r\n')

const publish = (count: number): void => {
  let text = ''
  for (let index = 0; index < count; index++) {
    const label = (Math.random() * LABELS) | 0
    const slot = sequence & (TABLE - 1)
    due[slot] = audience[label] as number
    labelOf[slot] = label
    sentAt[slot] = performance.now()
    const body = bodyOf(sequence, label)
    text += hub ? `${body}\n` : `PUB e ${BODY}\r\n${body}\r\n`
    sequence++
    if ((due[slot] as number) > 0) flying++
  }
  if (text) publisher.write(text, 'latin1')
}

const pump = (): void => {
  pumping = false
  if (flying < window) publish(window - flying)
}

const quiet = async (limit: number): Promise<void> => {
  const until = performance.now() + limit
  while (flying > 0 && performance.now() < until) await sleep(20)
}

const quantile = (share: number): number => {
  let left = deliveries * share
  for (let bucket = 0; bucket < histogram.length; bucket++) {
    left -= histogram[bucket] as number
    if (left < 0) return (bucket + 1) * BUCKET_MS
  }
  return Number.NaN
}

const measure = async (begin: () => void, end: () => void, ms: number): Promise<Measured> => {
  begin()
  await sleep(Math.min(1000, ms / 3))
  histogram.fill(0)
  deliveries = 0
  leaks = 0
  disorder = 0
  broken = 0
  counting = true
  const began = performance.now()
  await sleep(ms)
  counting = false
  const elapsed = performance.now() - began
  end()
  await quiet(5000)
  const lost = flying
  flying = 0
  const perSecond = Math.round((deliveries / elapsed) * 1000)
  return { deliveries, perSecond, p50: quantile(0.5), p99: quantile(0.99), leaks, lost, disorder, broken }
}

const saturate = (target: number, ms: number): Promise<Measured> =>
  measure(
    () => {
      window = target
      pump()
    },
    () => {
      window = 0
    },
    ms,
  )

const steady = (entries: number, ms: number): Promise<Measured> => {
  const began = performance.now()
  let sent = 0
  let timer: NodeJS.Timeout | undefined
  const tick = (): void => {
    const owed = Math.floor(((performance.now() - began) / 1000) * entries) - sent
    if (owed > 0) publish(owed)
    sent += Math.max(0, owed)
  }
  return measure(
    () => {
      timer = setInterval(tick, 1)
    },
    () => clearInterval(timer),
    ms,
  )
}

/** Some readers stop reading and are no longer counted on. */
const stop = (count: number): void => {
  for (const reader of readers.slice(0, count)) {
    reader.stopped = true
    reader.socket.pause()
    for (const label of labels[reader.viewer] ?? []) audience[label] = (audience[label] as number) - 1
  }
}

process.on('disconnect', () => process.exit())
process.on('message', async (message: Task) => {
  if (message.task === 'saturate') process.send?.(await saturate(message.window, message.ms))
  else if (message.task === 'rate') process.send?.(await steady(message.entries, message.ms))
  else if (message.task === 'stop') {
    stop(message.readers)
    process.send?.({})
  } else process.send?.({ closed: readers.filter((reader) => reader.stopped && reader.closed).length })
})

const wire = hub ? hubWire : natsWire
for (let first = 0; first < setting.viewers; first += 100) {
  const some = Array.from({ length: Math.min(100, setting.viewers - first) }, (_, index) =>
    openReader(setting.streams, first + index, wire, onEntry, onBroken, onRead),
  )
  readers.push(...(await Promise.all(some)))
}
process.send?.({ ready: true, audience: audience.reduce((sum, each) => sum + each, 0) / LABELS })
