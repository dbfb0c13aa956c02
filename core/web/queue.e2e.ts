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
      const deed = (key, at) => ({ key, path: '/api/watch/accept', input: { key }, title: key, at, as: 'ada' })
      await queue.add(deed('later', '2026-11-22T22:05:00Z'))
      await queue.add(deed('sooner', '2026-11-22T22:01:00Z'))
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
})
