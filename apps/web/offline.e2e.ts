import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { policy } from '#core/web/testing.ts'

const built = fileURLToPath(new URL('../../dist/web', import.meta.url))
const chrome = process.env.CHROMIUM ?? '/usr/bin/chromium'
const pictures = process.env.CONCORD_PICTURES
const ready = existsSync(join(built, 'service-worker.js')) && existsSync(chrome)
const why = ready ? '' : ' (SKIPPED: run npm run build, and install chromium)'
const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }

/** Asks again until it is so; the browser is in the middle of a navigation now and then. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 25_000
  while (!(await isSo().catch(() => false))) {
    if (Date.now() > end) throw new Error('It did not come about in 25 s.')
    await new Promise((done) => setTimeout(done, 200))
  }
}

describe.skipIf(!ready)(`without a network, in a real browser${why}`, () => {
  let folder = ''
  let server: Server
  let browser: Browser
  let context: BrowserContext
  let port = 0
  let who: string | null = 'Ada Testwell'
  let asked: string[] = []

  const listen = async () => {
    server = createServer((request, response) => {
      const path = normalize(new URL(request.url ?? '/', 'http://x').pathname)
      if (path.startsWith('/api/')) {
        asked.push(path)
        const answer = (status: number, body: unknown) =>
          response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body))
        if (path === '/api/sign-in/out') return void answer(200, { signedOut: true })
        if (who === null) return void answer(401, { kind: 'not-allowed', detail: 'You are not signed in.' })
        if (path === '/api/access/self')
          return void answer(200, {
            person: { id: who, name: who },
            post: { id: 'p1', name: 'Watch officer' },
            world: { id: '00000000-0000-7000-8000-000000000001', kind: 'live', name: 'Velm' },
            zone: 'Europe/London',
          })
        if (path === '/api/structure/convening') return void answer(200, { groups: [], can: { run: false } })
        if (path === '/api/structure/reviews') return void answer(200, { reviews: [], can: { propose: false } })
        return void answer(200, {})
      }
      if (path === '/live')
        return void response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }).write('retry: 1000\n\n')
      const isShell = extname(path) === ''
      const file = join(folder, isShell ? 'index.html' : path)
      if (!existsSync(file)) return void response.writeHead(404).end()
      response.writeHead(200, {
        'content-type': types[extname(file)] ?? 'application/octet-stream',
        'content-security-policy': policy,
        ...(isShell ? { 'concord-shell': '1' } : {}),
      })
      response.end(readFileSync(file))
    })
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
    port = (server.address() as AddressInfo).port
  }
  const stop = async () => {
    server.closeAllConnections()
    await new Promise<void>((done) => server.close(() => done()))
  }
  const address = () => `http://127.0.0.1:${port}`
  /** Opens the start page, and waits until the worker has what it needs. */
  const opened = async (): Promise<Page> => {
    const page = await context.newPage()
    await page.goto(address())
    await page.getByRole('heading', { level: 1 }).waitFor()
    await until(() =>
      page.evaluate(async () => {
        const files = performance
          .getEntriesByType('resource')
          .map((entry) => new URL(entry.name).pathname)
          .filter((path) => path.startsWith('/assets/'))
        const kept =
          navigator.serviceWorker.controller && (await caches.has('concord-shell')) ? await (await caches.open('concord-shell')).keys() : []
        const names = kept.map((request) => new URL(request.url).pathname)
        return names.includes('/') && files.every((path) => names.includes(path)) && (await caches.has('concord-seen'))
      }),
    )
    return page
  }
  const keptAnswers = (page: Page) =>
    page.evaluate(async () => ((await caches.has('concord-seen')) ? (await (await caches.open('concord-seen')).keys()).length : 0))

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'concord-offline-'))
    cpSync(built, folder, { recursive: true })
    browser = await chromium.launch({ executablePath: chrome, args: ['--no-sandbox', '--disable-quic', '--no-first-run'] })
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  beforeEach(async () => {
    who = 'Ada Testwell'
    asked = []
    await listen()
    context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB', timezoneId: 'Europe/London' })
  })
  afterEach(async () => {
    await context.close()
    await stop()
  })

  test('the page opens again while the server is gone, says from when it is, shows who is here and what waits; and comes back', async () => {
    const page = await opened()
    const said: string[] = []
    page.on('pageerror', (error) => said.push(String(error)))
    // a deed that was done while the line was down
    await page.evaluate(async () => {
      const request = indexedDB.open('concord', 1)
      request.onupgradeneeded = () => request.result.createObjectStore('waiting', { keyPath: 'key' })
      await new Promise((done) => (request.onsuccess = done))
      request.result.transaction('waiting', 'readwrite').objectStore('waiting').put({
        key: 'k1',
        path: '/api/watch/accept',
        input: {},
        title: 'Accept the call-out',
        at: new Date().toISOString(),
        as: 'Ada Testwell/p1/00000000-0000-7000-8000-000000000001',
      })
    })
    await stop()
    await page.goto(`${address()}/`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.getByText('Watch officer').waitFor()
    await page.getByText(/Showing what was fetched at \d\d:\d\d/).waitFor()
    await page.getByRole('button', { name: '1 waits to be sent' }).click()
    await page.getByText('Accept the call-out').waitFor()
    if (pictures) await page.screenshot({ path: join(pictures, 'offline.png') })
    await page.keyboard.press('Escape')
    expect(said).toEqual([])

    await listen()
    asked = []
    await page.waitForFunction(() => !document.body.innerText.includes('Showing what was fetched'), undefined, { timeout: 60_000 })
    await page.getByRole('button', { name: '1 waits to be sent' }).waitFor({ state: 'detached' })
    expect(asked.filter((path) => path === '/api/watch/accept')).toHaveLength(1)
  }, 120_000)

  test('what is kept cannot be read on the disk, nor after the browser has forgotten the session', async () => {
    const page = await opened()
    expect(await keptAnswers(page)).toBeGreaterThan(0)
    const bytes = await page.evaluate(async () => {
      const room = await caches.open('concord-seen')
      const all = await Promise.all(
        (await room.keys()).map(async (request) => `${request.url} ${await (await room.match(request))?.text()}`),
      )
      return all.join()
    })
    expect(bytes).not.toContain('Testwell')
    expect(bytes).not.toContain('self')
    // closing the browser forgets the cookies that have no date
    await context.clearCookies()
    await stop()
    await page.goto(`${address()}/`)
    await page
      .getByText(/You are offline|No contact/)
      .first()
      .waitFor()
    expect(await page.locator('body').innerText()).not.toContain('Testwell')
    await listen()
  }, 120_000)

  test('signing out, being signed out, and somebody else coming in drop everything that was seen', async () => {
    const page = await opened()
    await page.evaluate(() => fetch('/api/sign-in/out', { method: 'POST' }))
    await until(() => page.evaluate(async () => !(await caches.has('concord-seen'))))

    await page.reload()
    await until(() => page.evaluate(() => caches.has('concord-seen')))
    who = null
    await page.goto(`${address()}/`)
    await page.waitForURL(/sign-in/)
    await until(() => page.evaluate(async () => !(await caches.has('concord-seen'))))

    who = 'Ada Testwell'
    await page.goto(`${address()}/`)
    await until(() => page.evaluate(() => caches.has('concord-seen')))
    who = 'Bo Plain'
    await page.goto(`${address()}/`)
    await page.getByText('Bo Plain').waitFor()
    await page.waitForFunction(() => localStorage.getItem('concord.here') === 'Bo Plain')
    await stop()
    await page.goto(`${address()}/`)
    await page.waitForTimeout(2_000)
    expect(await page.locator('body').innerText()).not.toContain('Testwell')
    await listen()
  }, 120_000)

  const keyThere = (page: Page) =>
    page.evaluate(async () => {
      const request = indexedDB.open('concord-keys', 1)
      request.onupgradeneeded = () => request.result.createObjectStore('keys')
      await new Promise((done) => (request.onsuccess = done))
      const got = request.result.transaction('keys').objectStore('keys').get('seen')
      await new Promise((done) => (got.onsuccess = done))
      request.result.close()
      return got.result === undefined ? 'none' : (got.result as CryptoKey).extractable ? 'extractable' : 'kept'
    })

  test('the key never leaves the browser: the cookie alone opens nothing; a sign-out from elsewhere drops it at the next contact', async () => {
    const page = await opened()
    expect(await keyThere(page)).toBe('kept')
    const opens = await page.evaluate(async () => {
      const words = /concord-seen=([\w-]+)/.exec(document.cookie)?.[1] ?? ''
      const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(words))
      const key = await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['decrypt'])
      const room = await caches.open('concord-seen')
      const [first] = await room.keys()
      const whole = new Uint8Array(await (await room.match(first!))!.arrayBuffer())
      return crypto.subtle.decrypt({ name: 'AES-GCM', iv: whole.slice(0, 12) }, key, whole.slice(12)).then(
        () => 'opened',
        () => 'refused',
      )
    })
    expect(opens).toBe('refused')
    who = null
    await page.evaluate(() => dispatchEvent(new Event('focus')))
    await page.goto(`${address()}/`)
    await page.waitForURL(/sign-in/)
    await until(async () => (await keyThere(page)) === 'none')
    await until(() => page.evaluate(async () => !(await caches.has('concord-seen'))))
  }, 120_000)

  test('after a shift it is gone, though the device never called again; a clock turned back keeps nothing alive', async () => {
    const page = await opened()
    await stop()
    await page.clock.install({ time: Date.now() + 12 * 3600_000 + 60_000 })
    await page.goto(`${address()}/`)
    await until(() => page.evaluate(async () => !(await caches.has('concord-seen'))))
    expect(await keyThere(page)).toBe('none')
    expect(await page.locator('body').innerText()).not.toContain('Testwell')
    await page.close()
    await listen()

    const again = await opened()
    await stop()
    await again.clock.install({ time: Date.now() - 3600_000 })
    await again.goto(`${address()}/`)
    await until(() => again.evaluate(async () => !(await caches.has('concord-seen'))))
    expect(await again.locator('body').innerText()).not.toContain('Testwell')
    await listen()
  }, 120_000)

  test('an upgrade is shown at once: the new shell comes from the network, and the files of the old one are let go', async () => {
    const page = await opened()
    const html = readFileSync(join(folder, 'index.html'), 'utf8')
    const worker = readFileSync(join(folder, 'service-worker.js'), 'utf8')
    const old = /\/assets\/gallery-[\w-]+\.js/.exec(worker)?.[0] ?? ''
    await page.evaluate(async (path) => (await caches.open('concord-shell')).add(path), old)
    try {
      writeFileSync(
        join(folder, 'index.html'),
        html.replace('<title>Concord</title>', '<title>Concord</title><meta name="build" content="next">'),
      )
      writeFileSync(join(folder, 'service-worker.js'), worker.replaceAll(old, '/assets/gallery-next.js'))
      await page.goto(`${address()}/`)
      expect(await page.locator('meta[name=build]').getAttribute('content')).toBe('next')
      await until(() => page.evaluate(async (path) => !(await (await caches.open('concord-shell')).match(path)), old))
      await stop()
      await page.goto(`${address()}/`)
      expect(await page.locator('meta[name=build]').getAttribute('content')).toBe('next')
      await listen()
    } finally {
      writeFileSync(join(folder, 'index.html'), html)
      writeFileSync(join(folder, 'service-worker.js'), worker)
    }
  }, 120_000)
})
