import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { contentSecurityPolicy } from '#core/http/server.ts'
import { kebab } from '#core/operation/operation.ts'

/** Where the built pages are. */
export const built = process.env.CONCORD_WEB ?? fileURLToPath(new URL('../../dist/web', import.meta.url))
const chrome = process.env.CHROMIUM ?? '/usr/bin/chromium'
const pictures = process.env.CONCORD_PICTURES
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const standard = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Can a journey be made here? Say `why` in the name of what is skipped when it cannot. */
export const ready = existsSync(`${built}/index.html`) && existsSync(chrome)
export const why = ready ? '' : ' (SKIPPED: run npm run build, and install chromium)'

/** The content security policy as the server sends it, for a test that serves the pages itself. */
export const policy = Object.entries(contentSecurityPolicy.directives)
  .map(([name, values]) => `${kebab(name)} ${values.join(' ')}`)
  .join('; ')

export const desk = { viewport: { width: 1280, height: 900 } }
export const pocket = { viewport: { width: 390, height: 844 } }
export const wall = { viewport: { width: 1920, height: 1080 } }

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chrome,
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Debian's start file switches both on; neither has anything to do with a page of ours, and both take time.
      '--disable-extensions',
      '--disable-gpu-rasterization',
    ],
  })

export interface Window {
  context: BrowserContext
  page: Page
  /** What the browser complained of; give one array to several windows to gather it. */
  said: string[]
}

/** A browser context of its own, as another person on another machine has it. Without a key nobody is signed in. */
export async function openWindow(
  browser: Browser,
  url: string,
  key: string | undefined,
  options: BrowserContextOptions = desk,
  said: string[] = [],
): Promise<Window> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/London', reducedMotion: 'reduce', ...options })
  if (key !== undefined) await context.addCookies([{ name: 'concord', value: key, url }])
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  page.on('console', (line) => void (line.type() === 'error' && said.push(line.text())))
  page.on('pageerror', (error) => void said.push(error.message))
  return { context, page, said }
}

/** Gives a window an authenticator of its own, which holds passkeys and always says yes. */
export async function authenticator(page: Page): Promise<void> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

interface Finding {
  id: string
  nodes: { html: string; target: string[]; failureSummary?: string }[]
}

/** What the colours alone decide: to be asked again when nothing but these has changed. */
export const colours = ['color-contrast', 'link-in-text-block']

/** What axe finds against WCAG 2.2 AA, or by these rules alone, on a page that is there (it has its heading, or is a wall that was blanked), one line each. */
export async function findings(page: Page, rules?: string[]): Promise<string[]> {
  await page.locator('h1, .wall-blank').first().waitFor({ state: 'attached' })
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe)
  const found = await page.evaluate(
    async (runOnly) =>
      (
        await (globalThis as unknown as { axe: { run(context: object, options: object): Promise<{ violations: Finding[] }> } }).axe.run(
          // But for the component library's announcer: for a moment it names a busy button that is no longer there.
          { exclude: [['[data-live-announcer]']] },
          // Only what is wrong is described: where everything else stands would be worked out for nothing.
          { runOnly, resultTypes: ['violations'] },
        )
      ).violations,
    rules ? { type: 'rule', values: rules } : { type: 'tag', values: standard },
  )
  return found.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`))
}

/** Kept where CONCORD_PICTURES says, for whoever looks. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!pictures) return
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
}
