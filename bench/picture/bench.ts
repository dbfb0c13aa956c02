import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { inventedNetwork, storeNetwork } from '#areas/structure/network/testing.ts'
import { benchCity } from '../city.ts'
import { type BenchLine, debianProgram, median, percentile, rounded } from '../measure.ts'

// The goal's network: 400 nodes, each of which is drawn, and 2,400 links between them.
const size = { agencies: 300, posts: 80, groups: 20, links: 2_400, seed: 11 }

/** How long each frame took while something was dragged for a while, ms. */
async function frames(page: Page, drag: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const taken: number[] = []
    let last = performance.now()
    const turn = (at: number) => {
      taken.push(at - last)
      last = at
      Object.assign(window, { turning: requestAnimationFrame(turn) })
    }
    Object.assign(window, { taken, turning: requestAnimationFrame(turn) })
  })
  await drag()
  return page.evaluate(() => {
    const { taken, turning } = window as unknown as { taken: number[]; turning: number }
    cancelAnimationFrame(turning)
    return taken.slice(2)
  })
}

/** A drag in a circle, as fast as the browser takes it. */
async function circle(page: Page, from: { x: number; y: number }, milliseconds: number): Promise<void> {
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  const began = performance.now()
  for (let step = 1; performance.now() - began < milliseconds; step += 1)
    await page.mouse.move(from.x + Math.sin(step / 9) * 90, from.y + Math.cos(step / 9) * 60 - 60)
  await page.mouse.up()
}

/** The least that any canvas could do: the same window, as many curves, one plain stroke, once a frame. */
async function bare(browser: Browser, lines: number, milliseconds: number): Promise<number[]> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.setContent('<canvas width="1200" height="720"></canvas>')
  const taken = await page.evaluate(
    ([count, wanted]) =>
      new Promise<number[]>((done) => {
        const pen = document.querySelector('canvas')!.getContext('2d', { alpha: false })!
        const times: number[] = []
        const began = performance.now()
        let last = began
        const turn = (at: number) => {
          times.push(at - last)
          last = at
          pen.fillStyle = '#fff'
          pen.fillRect(0, 0, 1200, 720)
          pen.globalAlpha = 0.3
          for (let line = 0; line < count!; line += 1) {
            pen.beginPath()
            pen.moveTo((line * 37) % 1200, (line * 53) % 720)
            pen.bezierCurveTo((line * 37) % 1200, 300, (line * 71 + times.length) % 1200, 400, (line * 71) % 1200, (line * 97) % 720)
            pen.stroke()
          }
          if (at - began < wanted!) requestAnimationFrame(turn)
          else done(times.slice(2))
        }
        requestAnimationFrame(turn)
      }),
    [lines, milliseconds],
  )
  await page.close()
  return taken
}

/** From the address to the heading of the city's start page, ms. */
async function startPage(browser: Browser, url: string, key: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
  await context.addCookies([{ name: 'concord', value: key, url }])
  const page = await context.newPage()
  await page.goto(`${url}/`, { waitUntil: 'commit' })
  const found = await page.waitForFunction(() => (document.querySelector('main h1') ? performance.now() : 0), undefined, { polling: 'raf' })
  const milliseconds = await found.jsonValue()
  await context.close()
  return milliseconds
}

const perSecond = (taken: readonly number[]) => 1000 / (taken.reduce((sum, one) => sum + one, 0) / taken.length)

/**
 * The picture of 400 nodes and 2,400 links in Chromium without a graphics card: from the address to the first whole drawing, and frames a second
 * while a node is dragged and while the whole is. The reference, in the same run: a bare canvas that strokes as many curves in each frame.
 */
export async function* run({ quick }: { quick: boolean }): AsyncIterable<BenchLine> {
  const program = process.env.CHROMIUM ?? '/usr/bin/chromium'
  if (!existsSync(program) && !debianProgram('chromium', 'chromium'))
    throw new Error('Chromium could not be installed from Debian, so there is nothing to measure with.')
  const [times, seconds] = quick ? [1, 1.5] : [5, 4]
  const browser = await chromium.launch({
    executablePath: program,
    args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-gpu'],
  })
  const bench = await benchCity()
  try {
    await storeNetwork(bench.owner, inventedNetwork(size))
    const viewer = await bench.person(['kind:secretariat', 'city:our-city'])
    const open = async (search: string) => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
      await context.addCookies([{ name: 'concord', value: viewer.key, url: bench.city.url }])
      const page = await context.newPage()
      await page.goto(`${bench.city.url}/structure/network${search}`, { waitUntil: 'commit' })
      await page.waitForSelector('canvas[data-drawn]', { timeout: 60_000 })
      const painted = await page.evaluate(() => performance.getEntriesByName('network-drawn')[0]?.startTime ?? Number.NaN)
      return { page, painted, end: () => context.close() }
    }
    const starts: number[] = []
    for (let time = 0; time < times; time += 1) starts.push(await startPage(browser, bench.city.url, viewer.key))
    for (const search of ['?open=all', '']) {
      const firsts: number[] = []
      for (let time = 0; time < times; time += 1) {
        const { painted, end } = await open(search)
        firsts.push(painted)
        await end()
      }
      yield {
        bench: 'picture',
        what: search === '' ? 'first paint, sectors closed as it opens by itself' : 'first paint, all 400 nodes and 2,400 links drawn',
        ratio: rounded(median(firsts) / median(starts)),
        goalMilliseconds: 1500,
        milliseconds: rounded(median(firsts), 0),
        worstMilliseconds: rounded(Math.max(...firsts), 0),
        referenceMilliseconds: rounded(median(starts), 0),
        reference: 'the start page of the same city to its heading, same browser, same run, server on the same machine',
      }
    }
    const reference = await bare(browser, size.links, seconds * 1000)
    const { page, end } = await open('?open=all')
    await page.locator('[role=grid]').first().waitFor()
    const window = (await page.locator('canvas').first().boundingBox())!
    const middle = { x: window.x + window.width / 2, y: window.y + window.height / 2 }
    const drags = [
      // A room is under this point in the network of this seed: dragged, it takes its lines with it.
      { what: 'dragging a node', at: await nodeAt(page), goalFramesPerSecond: 30 },
      { what: 'moving the whole picture', at: { x: window.x + 6, y: middle.y }, goalFramesPerSecond: 30 },
    ]
    for (const { what, at, ...goal } of drags) {
      const taken = await frames(page, () => circle(page, at, seconds * 1000))
      yield {
        bench: 'picture',
        what,
        ratio: rounded(perSecond(taken) / perSecond(reference)),
        ...goal,
        framesPerSecond: rounded(perSecond(taken), 1),
        medianMilliseconds: rounded(median(taken), 1),
        frames: taken.length,
        slowestTenthMilliseconds: rounded(percentile(taken, 0.9), 1),
        referenceFramesPerSecond: rounded(perSecond(reference), 1),
        reference: 'a bare canvas that strokes 2,400 curves in each frame; software rendering, same browser, same run',
      }
    }
    await end()
  } finally {
    await bench.end()
    await browser.close()
  }
}

/** Where a node that carries many links is on the screen: the first room in the keyboard's order. */
async function nodeAt(page: Page): Promise<{ x: number; y: number }> {
  const found = await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('canvas[data-first]')
    const corner = canvas?.getBoundingClientRect()
    const [x, y] = (canvas?.dataset.first ?? '').split(' ').map(Number)
    return corner && x !== undefined && y !== undefined ? { x: corner.left + x, y: corner.top + y } : null
  })
  if (!found) throw new Error('The picture does not say where its first node is.')
  return found
}
