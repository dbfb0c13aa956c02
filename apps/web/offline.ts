import { sweepSeen } from '#core/web/seen.ts'

const worker = '/service-worker.js'
/** Nothing has come over the line for so long, and a page is drawn: only then is it asked for what may be needed later. */
const calm = 3_000
const reloadedAt = 'concord.reloaded'
/** How often a window that stays open looks for what is too old to be kept. */
const sweepEvery = 10 * 60_000

/** Parts that a first page does without and the next press needs. */
const parts = [() => import('#core/web/dialog-sheet.tsx'), () => import('#core/web/label-popover.tsx'), () => import('./settings-body.tsx')]

/** The policy lets no text become a script's address; this one address is let through. */
function trusted(): string {
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(url: string): string } }
  }
  return trustedTypes
    ? trustedTypes.createPolicy('default', { createScriptURL: (url: string) => (url === worker ? url : null) }).createScriptURL(worker)
    : worker
}

/** Keeps the shell and what was seen for when there is no network; and begins anew when an upgrade took away a part that this window still asks for. */
export function startOffline(): void {
  const sweep = () => void sweepSeen().catch(() => {})
  sweep()
  setInterval(sweep, sweepEvery)
  addEventListener('vite:preloadError', (event) => {
    if (Date.now() - Number(sessionStorage.getItem(reloadedAt) ?? 0) < 60_000 || !navigator.onLine) return
    event.preventDefault()
    sessionStorage.setItem(reloadedAt, String(Date.now()))
    location.reload()
  })
  let waits = 0
  const timer = setInterval(() => {
    const last = Math.max(0, ...performance.getEntriesByType('resource').map((entry) => (entry as PerformanceResourceTiming).responseEnd))
    const drawn = document.querySelector('main h1') !== null && performance.now() - last > calm
    if (!drawn && (waits += 1) < 60) return
    clearInterval(timer)
    void begin().catch(() => {})
  }, 1_000)
}

async function begin(): Promise<void> {
  await Promise.all(parts.map((part) => part()))
  if (!('serviceWorker' in navigator)) return
  await navigator.serviceWorker.register(trusted(), { updateViaCache: 'none' })
  const { active } = await navigator.serviceWorker.ready
  const files = performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname)
  active?.postMessage({ keep: [...new Set(files.filter((path) => path.startsWith('/assets/')))] })
}
