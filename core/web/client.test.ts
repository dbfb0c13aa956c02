import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { command, query } from '#core/operation/operation.ts'
import { callCommand, callQuery, setWorld } from './client.ts'
import { ProblemError } from './problem-error.ts'

const accept = command('watch.acceptCallOut', {
  who: 'person',
  summary: 'Accept',
  input: z.object({ id: z.string() }),
  output: z.object({ ok: z.boolean() }),
})
const board = query('watch.board', {
  who: 'person',
  summary: 'Board',
  input: z.object({ day: z.string().optional() }),
  output: z.array(z.string()),
})

interface Sent {
  url: string
  init: RequestInit
}
let sent: Sent[] = []
const answers = (...list: (() => Response)[]) =>
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    sent.push({ url, init })
    const next = list[Math.min(sent.length, list.length) - 1]
    if (!next) throw new TypeError('no answer planned')
    return next()
  })
const json = (status: number, body: unknown) => () => new Response(JSON.stringify(body), { status })
const silence = (): Response => {
  throw new TypeError('fetch failed')
}
const headerOf = (one: Sent | undefined, name: string) => new Headers(one?.init.headers).get(name)

describe('the client', () => {
  beforeEach(() => {
    sent = []
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
    setWorld(null)
  })
  const soon = async <T>(promise: Promise<T>): Promise<T> => {
    const settled = promise.then(
      (value) => () => value,
      (error) => () => {
        throw error
      },
    )
    await vi.advanceTimersByTimeAsync(5_000)
    return (await settled)()
  }

  test('a command is sent by POST to its own address with its key and its world', async () => {
    answers(json(200, { ok: true }))
    setWorld('w1')
    expect(await soon(callCommand(accept, { id: '1' }, { idempotencyKey: 'k' }))).toEqual({ ok: true })
    expect(sent[0]?.url).toBe('/api/watch/accept-call-out')
    expect(sent[0]?.init.method).toBe('POST')
    expect(headerOf(sent[0], 'idempotency-key')).toBe('k')
    expect(headerOf(sent[0], 'concord-world')).toBe('w1')
    expect(sent[0]?.init.body).toBe('{"id":"1"}')
  })

  test('a silence is tried again with the same key', async () => {
    answers(silence, json(503, {}), json(200, { ok: true }))
    await soon(callCommand(accept, { id: '1' }))
    expect(sent.map((one) => headerOf(one, 'idempotency-key'))).toEqual(Array(3).fill(headerOf(sent[0], 'idempotency-key')))
  })

  test('after three silences it says so, and not more', async () => {
    answers(silence)
    await expect(soon(callCommand(accept, { id: '1' }))).rejects.toMatchObject({ kind: 'no-contact' })
    expect(sent).toHaveLength(3)
  })

  test('a refusal is not tried again and names its field', async () => {
    answers(json(400, { kind: 'invalid', detail: 'No such call-out.', field: 'id' }))
    const refused = await soon(callCommand(accept, { id: '1' })).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(ProblemError)
    expect(refused).toMatchObject({ kind: 'invalid', field: 'id', detail: 'No such call-out.', status: 400 })
    expect(sent).toHaveLength(1)
  })

  test('401 is signed-out whatever the body says, and a page from a proxy is unavailable', async () => {
    answers(json(401, { kind: 'not-allowed', detail: '' }))
    await expect(soon(callQuery(board, {}))).rejects.toMatchObject({ kind: 'signed-out' })
    sent = []
    answers(() => new Response('<html>Bad gateway</html>', { status: 502 }))
    await expect(soon(callQuery(board, {}))).rejects.toMatchObject({ kind: 'unavailable' })
  })

  test('a query carries its input in the address, and none when it has none', async () => {
    answers(json(200, []))
    await soon(callQuery(board, {}))
    await soon(callQuery(board, { day: 'é&' }))
    expect(sent[0]?.url).toBe('/api/watch/board')
    expect(JSON.parse(new URL(sent[1]?.url ?? '', 'http://x').searchParams.get('input') ?? '')).toEqual({ day: 'é&' })
    expect(sent.every((one) => one.init.method === 'GET')).toBe(true)
  })
})
