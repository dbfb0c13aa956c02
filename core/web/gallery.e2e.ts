import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { built, findings, openBrowser, picture, policy, ready, why } from './testing.ts'

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
}

const serve = () =>
  createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://x').pathname)
    if (path.startsWith('/api/')) {
      response
        .writeHead(403, { 'content-type': 'application/problem+json' })
        .end('{"kind":"not-allowed","detail":"You are not signed in."}')
      return
    }
    const file = join(built, extname(path) === '' ? 'index.html' : path)
    if (!existsSync(file)) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream', 'content-security-policy': policy })
    response.end(readFileSync(file))
  })

const sizes = [
  { name: 'desk, light', view: 'desk', width: 1440, height: 900, scheme: 'light' },
  { name: 'desk, dark', view: 'desk', width: 1440, height: 900, scheme: 'dark' },
  { name: 'desk at 200 % zoom', view: 'desk', width: 720, height: 450, scheme: 'light' },
  { name: 'pocket, light', view: 'pocket', width: 390, height: 844, scheme: 'light' },
  { name: 'pocket, dark', view: 'pocket', width: 390, height: 844, scheme: 'dark' },
  { name: 'wall', view: 'wall', width: 1920, height: 1080, scheme: 'light' },
] as const

describe.skipIf(!ready)(`the gallery in a real browser${why}`, () => {
  let server: Server
  let browser: Browser
  let address = ''
  beforeAll(async () => {
    server = serve()
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    browser = await openBrowser()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    server?.close()
  })

  const open = async (path: string, size: (typeof sizes)[number], said: string[] = []) => {
    const context = await browser.newContext({
      viewport: { width: size.width, height: size.height },
      colorScheme: size.scheme,
      reducedMotion: 'reduce',
      locale: 'en-GB',
      timezoneId: 'Europe/London',
    })
    const page = await context.newPage()
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('403')) said.push(message.text())
    })
    page.on('pageerror', (error) => said.push(String(error)))
    await page.goto(address + path)
    await page.waitForSelector('h1')
    return page
  }

  for (const size of sizes)
    test(`${size.name}: no axe finding, nothing refused by the policy, nothing wider than the screen`, async () => {
      const said: string[] = []
      const page = await open(`/gallery?view=${size.view}`, size, said)
      await picture(page, `gallery ${size.name.replace('%', 'percent')}`)
      expect(await findings(page)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
      expect(said).toEqual([])
      await page.context().close()
    }, 60_000)

  for (const size of [sizes[0], sizes[2], sizes[3]])
    test(`right to left, ${size.name}: no axe finding, nothing wider than the screen, the page begins at the right`, async () => {
      const page = await open(`/gallery?view=${size.view}`, size)
      await page.evaluate(() => Object.assign(document.documentElement, { dir: 'rtl' }))
      await picture(page, `right to left ${size.name.replace('%', 'percent')}`)
      expect(await findings(page)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
      const heading = await page
        .locator('main h1')
        .evaluate((element) => getComputedStyle(element).textAlign + getComputedStyle(element).direction)
      expect(heading).toMatch(/startrtl|rightrtl/)
      await page.context().close()
    }, 60_000)

  test('high contrast has no axe finding', async () => {
    const page = await open('/gallery?view=desk', sizes[0])
    for (const theme of ['light', 'dark']) {
      await page.evaluate((name) => Object.assign(document.documentElement.dataset, { contrast: 'more', theme: name }), theme)
      expect(await findings(page)).toEqual([])
    }
    await page.context().close()
  }, 60_000)

  test('a label says who can see it and why, by keyboard alone, and Escape returns to it', async () => {
    const page = await open('/gallery?view=desk', sizes[0])
    const label = page.getByRole('button', { name: /who can see this/i }).first()
    await label.focus()
    await page.keyboard.press('Enter')
    await page.getByText('You hold the post Watch officer until 07:00').waitFor()
    expect(await findings(page)).toEqual([])
    await picture(page, 'label')
    await page.keyboard.press('Escape')
    expect(await label.evaluate((element) => element === document.activeElement)).toBe(true)
    await page.context().close()
  }, 60_000)

  test('the table is a grid: arrows move, a heading sorts, Enter opens', async () => {
    const page = await open('/gallery?view=desk', sizes[0])
    const grid = page.getByRole('grid', { name: 'Seats' })
    await grid.getByRole('row').nth(1).focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page
      .getByText('City Council of Velm opened.')
      .or(page.getByText(/ opened\.$/))
      .first()
      .waitFor()
    await page.keyboard.press('Home')
    await grid.getByRole('columnheader', { name: 'People' }).click()
    expect(await grid.getByRole('columnheader', { name: 'People' }).getAttribute('aria-sort')).toBe('ascending')
    expect(await grid.getByRole('row').nth(1).textContent()).toContain('Velm Power Networks')
    await page.context().close()
  }, 60_000)

  test('a refused form keeps every word, and the refusal stands at its field', async () => {
    const page = await open('/gallery?view=desk', sizes[0])
    await page.getByLabel('Question').fill('Do we open the weir?')
    await page.getByRole('button', { name: /Decided by/ }).click()
    await page.getByRole('option', { name: /Chair/ }).click()
    await page.getByRole('button', { name: 'Record', exact: true }).click()
    await page.locator('.field-error', { hasText: 'This time is after now' }).waitFor()
    expect(await page.getByLabel('Question').inputValue()).toBe('Do we open the weir?')
    expect(await findings(page)).toEqual([])
    await picture(page, 'refused')
    // Mended with the pointer on its way to the button: the refusal goes while one writes, so that one press sends.
    await page.locator('input[name=decidedAt]').fill('0107')
    await page.locator('.field-error').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Record', exact: true }).click()
    await page.locator('.field-error', { hasText: 'This time is after now' }).waitFor()
    await page.getByRole('button', { name: 'Look at what was sent' }).click()
    await expect.poll(() => page.getByRole('dialog').innerText()).toContain(':07')
    await page.context().close()
  }, 60_000)

  test('Ctrl K opens the palette and Escape leaves it', async () => {
    const page = await open('/gallery?view=desk', sizes[0])
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').waitFor()
    expect(await findings(page)).toEqual([])
    await picture(page, 'palette')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.context().close()
  }, 60_000)

  test('one key blanks the wall: nothing of it stays in the page, and the same key brings it back', async () => {
    const page = await open('/gallery?view=wall', sizes[5])
    await page.keyboard.press('b')
    expect(await page.locator('body').innerText()).not.toContain('Velm')
    expect(await findings(page)).toEqual([])
    await page.keyboard.press('b')
    await page.getByText('River Velm flood').first().waitFor()
    await page.context().close()
  }, 60_000)

  test('the words change to French without a reload, and stay', async () => {
    const page = await open('/gallery?view=desk', sizes[0])
    await page.getByRole('button', { name: 'Appearance and language' }).click()
    await page.getByText('Français').click()
    await page.getByRole('heading', { name: 'Apparence et langue' }).waitFor()
    expect(await findings(page)).toEqual([])
    await picture(page, 'settings')
    await page.reload()
    await page.getByRole('button', { name: 'Apparence et langue' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('fr-FR')
    await page.context().close()
  }, 60_000)

  test('without a session the way leads to sign-in', async () => {
    const page = await open('/gallery?view=desk', sizes[0])
    await page.goto(`${address}/`)
    await page.waitForURL(/\/sign-in\?then=/)
    expect(await findings(page)).toEqual([])
    await page.context().close()
  }, 60_000)
})
