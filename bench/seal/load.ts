import { parentPort, workerData } from 'node:worker_threads'
import pg from 'pg'

/** What one worker is to do: send commands, or look which head can be read. In threads of their own, so that a busy server does not hold up the clock. */
export type Task =
  | { role: 'send'; url: string; incidentId: string; keys: readonly string[]; perSecond: number | null; seconds: number }
  | { role: 'look'; owner: pg.ClientConfig }

export interface Seen {
  /** By the machine's clock, in milliseconds. */
  at: number
  size: number
}

const now = () => performance.timeOrigin + performance.now()
const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, milliseconds)))

/** So many commands a second, each sent at its time whether or not those before were answered; or as many as are answered, one by one for each key. */
async function send({ url, incidentId, keys, perSecond, seconds }: Extract<Task, { role: 'send' }>): Promise<number> {
  let answered = 0
  const end = now() + seconds * 1000
  const one = async (key: string) => {
    const answer = await fetch(`${url}/api/record/open`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ table: 'response.incidents', id: incidentId }),
    })
    await answer.arrayBuffer()
    if (!answer.ok) throw new Error(`a command was answered ${answer.status}`)
    answered += 1
  }
  if (perSecond === null)
    await Promise.all(
      keys.map(async (key) => {
        while (now() < end) await one(key)
      }),
    )
  else {
    const sent: Promise<void>[] = []
    const begun = now()
    for (let n = 0; n < perSecond * seconds; n += 1) {
      await pause(begun + (n * 1000) / perSecond - now())
      sent.push(one(keys[n % keys.length] as string))
    }
    await Promise.all(sent)
  }
  return answered
}

/** Every head at the moment from which it could be read, until it is told to stop. */
async function look({ owner }: Extract<Task, { role: 'look' }>): Promise<Seen[]> {
  const client = new pg.Client(owner)
  await client.connect()
  const seen: Seen[] = []
  let stopped = false
  parentPort!.once('message', () => {
    stopped = true
  })
  while (!stopped) {
    const { rows } = await client.query<{ size: string | null }>({ name: 'size', text: 'select max(size) as size from record.head' })
    const size = Number(rows[0]!.size ?? 0)
    if (size !== (seen.at(-1)?.size ?? 0)) seen.push({ at: now(), size })
    await pause(4)
  }
  await client.end()
  return seen
}

const task = workerData as Task
parentPort!.postMessage(task.role === 'send' ? await send(task) : await look(task))
