/** Bytes of the event stream (WHATWG HTML §9.2, server-sent events). All of them are made once and shared by all viewers. */

/**
 * Sent to every viewer now and then, so that a dead connection is noticed at both ends: the page hears it as an event `beat` and misses it
 * when it stays away. It carries no id and no data, so it tells nothing of what others see.
 */
export const heartbeat = Buffer.from('event: beat\ndata:\n\n')

const oneLine = (text: string): string => {
  if (/[\r\n]/.test(text)) throw new TypeError('A live entry must be one line: a line break inside it would forge an event.')
  return text
}

/** @param body one line, usually JSON */
export const entryFrame = (cursor: string, body: string | Buffer): Buffer => {
  if (typeof body === 'string') return Buffer.from(`id: ${cursor}\ndata: ${oneLine(body)}\n\n`)
  if (body.includes(10) || body.includes(13)) oneLine('\n')
  const head = `id: ${cursor}\ndata: `
  const frame = Buffer.allocUnsafe(head.length + body.length + 2)
  frame.write(head, 0, 'latin1')
  body.copy(frame, head.length)
  frame[frame.length - 2] = 10
  frame[frame.length - 1] = 10
  return frame
}

/** Tells a client to forget rows. All ids are in one event, so that a torn connection cannot lose half of them. */
export const goneFrame = (cursor: string, ids: readonly string[]): Buffer =>
  Buffer.from(`id: ${cursor}\nevent: gone\ndata: ${JSON.stringify(ids)}\n\n`)

/** The first event: where the viewer stands (so a reconnect before the first entry loses nothing) and how soon to come back, in ms. */
export const placeFrame = (cursor: string, retry: number): Buffer => Buffer.from(`retry: ${retry}\nid: ${cursor}\n\n`)

/**
 * The response head of a hijacked connection. The body has no length and ends with the connection: that is legal in HTTP/1.1 and
 * the only form that HTTP/1.0 proxies (the default of several) pass on unchanged; and it needs no chunk sizes between the events.
 * @param headers security headers that the hijacked response would otherwise lose
 */
export const streamHead = (headers: Readonly<Record<string, string>> = {}): Buffer => {
  const all: Record<string, string> = {
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
    connection: 'close',
  }
  delete all['content-length']
  delete all['transfer-encoding']
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${oneLine(value)}\r\n`)
  return Buffer.from(`HTTP/1.1 200 OK\r\n${lines.join('')}\r\n`)
}
