import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const project = fileURLToPath(new URL('../..', import.meta.url))
const chrome = process.env.CHROMIUM ?? '/usr/bin/chromium'
const ready = existsSync(chrome)

describe.skipIf(!ready)(`deeds that wait, in a real browser's own store${ready ? '' : ' (SKIPPED: install chromium)'}`, () => {
  let server: Server
  let browser: Browser
  let address = ''
  let reachable = false
  const done: { path: string; key: string | undefined; body: string }[] = []

  beforeAll(async () => {
    server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://x').pathname
      if (path.startsWith('/api/')) {
        if (!reachable) {
          request.socket.destroy()
          return
        }
        let body = ''
        request.on('data', (chunk) => (body += String(chunk)))
        request.on('end', () => {
          done.push({ path, key: request.headers['idempotency-key'] as string | undefined, body })
          response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
        })
      } else if (path.endsWith('.ts')) {
        const source = stripTypeScriptTypes(readFileSync(project + path.slice(1), 'utf8')).replaceAll("'#core/", "'/core/")
        response.writeHead(200, { 'content-type': 'text/javascript' }).end(source)
      } else response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>x</title>')
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    browser = await chromium.launch({ executablePath: chrome, args: ['--no-sandbox', '--disable-quic', '--no-first-run'] })
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    server?.close()
  })

  test('they outlive the window, and go out once, in order, each with the key it was made with', async () => {
    const context = await browser.newContext()
    const first = await context.newPage()
    await first.goto(address)
    // as text: the test runner would rewrite an import in a function, and the browser would not know it
    await first.evaluate(`(async () => {
      const { browserStore, makeQueue } = await import('/core/web/queue.ts')
      const queue = makeQueue(browserStore())
      const deed = (key, minutes) => ({ key, path: '/api/watch/accept', input: { key }, title: 'Close the quay', at: new Date(Date.now() - minutes * 60_000).toISOString(), as: 'ada' })
      await queue.add(deed('later', 1))
      await queue.add(deed('sooner', 5))
      await queue.flush('ada')
    })()`)
    expect(done).toEqual([])
    await first.close()

    reachable = true
    const second = await context.newPage()
    await second.goto(address)
    const left = await second.evaluate(`(async () => {
      const { browserStore, makeQueue } = await import('/core/web/queue.ts')
      const queue = makeQueue(browserStore())
      await Promise.all([queue.flush('ada'), queue.flush('ada')])
      await queue.flush('ada')
      return queue.read().length
    })()`)
    expect(left).toBe(0)
    expect(done.map((one) => one.key)).toEqual(['sooner', 'later'])
    expect(done[0]?.body).toBe('{"key":"sooner"}')
    await context.close()
  }, 60_000)

  test('on the disk they are sealed under a key that no script can take away, and after three days they are gone, contact or none', async () => {
    reachable = false
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(address)
    const seen = (await page.evaluate(`(async () => {
      const { browserStore } = await import('/core/web/queue.ts')
      const { settled } = await import('/core/web/device-key.ts')
      const store = browserStore()
      const item = (key, hours) => ({ key, path: '/api/watch/accept', input: { key }, title: 'Close the quay', at: new Date(Date.now() - hours * 3600_000).toISOString(), as: 'ada' })
      await store.put(item('fresh', 1))
      await store.put(item('old', 73))
      const database = await settled(indexedDB.open('concord', 1))
      const raw = await settled(database.transaction('waiting').objectStore('waiting').getAll())
      const bytes = raw.map((one) => new TextDecoder('latin1').decode(one.sealed) + Object.keys(one).join()).join()
      const keys = await settled(indexedDB.open('concord-keys', 1))
      const key = await settled(keys.transaction('keys').objectStore('keys').get('deeds'))
      const taken = await crypto.subtle.exportKey('raw', key).then(() => 'taken', () => 'refused')
      const before = raw.length
      const items = await store.all()
      const after = await settled(database.transaction('waiting').objectStore('waiting').getAllKeys())
      // without its key a deed is no more than noise, and goes
      await settled(keys.transaction('keys', 'readwrite').objectStore('keys').delete('deeds'))
      return { bytes, taken, before, items, after, keyless: await store.all() }
    })()`)) as { bytes: string; taken: string; before: number; items: Array<{ title: string }>; after: string[]; keyless: unknown[] }
    expect(seen.bytes).not.toMatch(/quay|accept|ada/)
    expect(seen).toMatchObject({ taken: 'refused', before: 2, after: ['fresh'], keyless: [] })
    expect(seen.items.map((item) => item.title)).toEqual(['Close the quay'])
    await context.close()
  }, 60_000)
})
