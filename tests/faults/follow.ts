/** A viewer's stream, read as a browser reads it. */
export interface Stream {
  /** Resolves with the first event: the stream stands. */
  opened: Promise<void>
  /** Ids of the rows that it told of, in the order of arrival; of one table when named. */
  rows(table?: string): string[]
  /** The id of the last event that arrived whole. */
  last(): string | undefined
  /** Everything that arrived, as it came. */
  text(): string
  close(): void
}

interface Told {
  table: string
  id: string
}

const eventsOf = (text: string) =>
  text
    .slice(0, text.lastIndexOf('\n\n') + 1)
    .split('\n\n')
    .map((block) => ({
      id: /^id: (.*)$/m.exec(block)?.[1],
      data: /^data: (.+)$/m.exec(block)?.[1],
      event: /^event: (.*)$/m.exec(block)?.[1],
    }))

/** Opens GET /live and keeps what comes. `headers`: a world, for instance. */
export function follow(url: string, key: string, after?: string, headers: Readonly<Record<string, string>> = {}): Stream {
  const stop = new AbortController()
  let text = ''
  let begun: () => void = () => {}
  let refused: (error: unknown) => void = () => {}
  const opened = new Promise<void>((resolve, reject) => {
    begun = resolve
    refused = reject
  })
  opened.catch(() => {})
  void (async () => {
    const response = await fetch(`${url}/live`, {
      headers: { authorization: `Bearer ${key}`, ...(after === undefined ? {} : { 'last-event-id': after }), ...headers },
      signal: stop.signal,
    })
    if (!response.ok || response.body === null) throw new Error(`/live answered ${response.status}`)
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk
      if (text.includes('\n\n')) begun()
    }
  })().catch((error: unknown) => refused(error))
  const told = () =>
    eventsOf(text).flatMap(({ data, event }) => (data !== undefined && event === undefined ? [JSON.parse(data) as Told] : []))
  return {
    opened,
    rows: (table) => told().flatMap((each) => (table === undefined || each.table === table ? [each.id] : [])),
    last: () => eventsOf(text).findLast(({ id }) => id !== undefined)?.id,
    text: () => text,
    close: () => stop.abort(),
  }
}
