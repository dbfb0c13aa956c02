import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import Fastify, { type FastifyInstance } from 'fastify'
import { type Browser, chromium } from 'playwright-core'
import type { AskSeen } from '#areas/watch/call-out/contract.ts'
import { mountAcceptPage } from '#areas/watch/call-out/door.ts'
import { id } from '#core/id.ts'
import { benchCity } from '../city.ts'
import { type BenchLine, debianProgram, median, rounded } from '../measure.ts'

/** A poor mobile line and a slow telephone: 400 kbit/s each way, 400 ms, processor slowed four times. */
const line = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 }
const slower = 4

interface Load {
  milliseconds: number
  bytes: number
  /** With everything that is fetched afterwards while the line is idle. */
  bytesInAll: number
}

/** One first load in a browser that has never been here. Usable: what `selector` names is drawn and can be pressed. */
async function load(browser: Browser, url: string, selector: string, cookie?: string): Promise<Load> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB' })
  try {
    if (cookie !== undefined) await context.addCookies([{ name: 'concord', value: cookie, url: new URL(url).origin }])
    const page = await context.newPage()
    const tools = await context.newCDPSession(page)
    await tools.send('Network.enable')
    await tools.send('Network.emulateNetworkConditions', line)
    await tools.send('Emulation.setCPUThrottlingRate', { rate: slower })
    let bytes = 0
    tools.on('Network.dataReceived', (event) => void (bytes += event.encodedDataLength))
    tools.on('Network.responseReceived', ({ response }) => void (bytes += response.headersText?.length ?? 300))
    const began = performance.now()
    await page.goto(url, { waitUntil: 'commit', timeout: 60_000 })
    await page.locator(selector).first().waitFor({ timeout: 60_000 })
    const milliseconds = performance.now() - began
    const soFar = bytes
    if (cookie !== undefined) await page.waitForTimeout(9_000)
    return { milliseconds, bytes: soFar, bytesInAll: bytes }
  } finally {
    await context.close()
  }
}

const listening = async (server: FastifyInstance) => server.listen({ port: 0, host: '127.0.0.1' })

async function several(times: number, once: () => Promise<Load>): Promise<Load> {
  const loads: Load[] = []
  for (let time = 0; time < times; time += 1) loads.push(await once())
  return {
    milliseconds: median(loads.map((each) => each.milliseconds)),
    bytes: median(loads.map((each) => each.bytes)),
    bytesInAll: median(loads.map((each) => each.bytesInAll)),
  }
}

/** The same bytes as one page without a script: the least that this line could ask of anybody. */
async function bare(browser: Browser, bytes: number, times: number): Promise<number> {
  const filling = randomBytes(Math.max(1, Math.ceil(bytes * 0.75)))
    .toString('base64')
    .slice(0, Math.max(0, bytes - 400))
  const server = Fastify()
  server.get('/', async (_request, reply) =>
    reply.type('text/html').send(`<!doctype html><title>bare</title><!--${filling}--><main><h1>Bare</h1><button>Accept</button></main>`),
  )
  const url = await listening(server)
  const { milliseconds } = await several(times, () => load(browser, url, 'button'))
  await server.close()
  return milliseconds
}

const seen: AskSeen = {
  city: 'Velm',
  post: 'Duty officer, flood',
  agency: 'Velm Fire and Rescue',
  callBack: '+44 1632 960015',
  language: 'en',
  worldKind: 'live',
  state: 'asking',
  answer: null,
  filled: false,
} as unknown as AskSeen

/** First load of the accept page and of the co-ordination centre on a poor line, against a bare static page of as many bytes on the same line. */
export async function* run({ quick }: { quick: boolean }): AsyncIterable<BenchLine> {
  const program = process.env.CHROMIUM ?? '/usr/bin/chromium'
  if (!existsSync(program) && !debianProgram('chromium', 'chromium'))
    throw new Error('Chromium could not be installed from Debian, so there is nothing to measure with.')
  const times = quick ? 1 : 3
  const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-quic', '--no-first-run'] })
  const compared = async (what: string, goal: object, found: Load): Promise<BenchLine> => {
    const reference = await bare(browser, found.bytes, times)
    return {
      bench: 'page',
      what,
      ratio: rounded(found.milliseconds / reference),
      ...goal,
      usableSeconds: rounded(found.milliseconds / 1000),
      kilobytes: rounded(found.bytes / 1000, 1),
      kilobytesWithIdleParts: rounded(found.bytesInAll / 1000, 1),
      referenceSeconds: rounded(reference / 1000),
      reference: 'a bare static page of as many bytes from Fastify; both at 400 kbit/s, 400 ms, 4 times slower processor',
    }
  }
  try {
    const accept = Fastify()
    // What the database says of the link is given here, so that the page and not a whole activation is measured.
    mountAcceptPage(accept, { desk: async () => seen } as unknown as Parameters<typeof mountAcceptPage>[1])
    const acceptUrl = await listening(accept)
    yield await compared(
      'accept page',
      { goalKilobytes: 60, goalSeconds: 3 },
      await several(times, () => load(browser, `${acceptUrl}/a/${randomBytes(16).toString('base64url')}`, 'button[value=accepted]')),
    )
    await accept.close()

    const bench = await benchCity()
    try {
      const viewer = await bench.person(['kind:secretariat', 'city:our-city'])
      const response = await fetch(`${bench.city.url}/api/response/open-incident`, {
        method: 'POST',
        headers: { authorization: `Bearer ${viewer.key}`, 'content-type': 'application/json', 'idempotency-key': id() },
        body: JSON.stringify({ name: 'River Velm flood', incidentType: 'flood' }),
      })
      const opened = (await response.json()) as { id?: string; detail?: string }
      if (opened.id === undefined) throw new Error(`No incident could be opened: ${opened.detail}`)
      const centre = `${bench.city.url}/response/centre/${opened.id}`
      const found = await several(times, () => load(browser, centre, 'main h1:has-text("River Velm flood")', viewer.key))
      yield await compared('co-ordination centre, before the map', { goalKilobytes: 350 }, found)
      const start = await several(times, () => load(browser, `${bench.city.url}/`, 'main h1', viewer.key))
      yield await compared('start page', {}, start)
    } finally {
      await bench.end()
    }
  } finally {
    await browser.close()
  }
}
