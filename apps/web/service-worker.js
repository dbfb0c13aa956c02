/* Keeps the shell for when there is no network. It never touches an answer of /api: those are kept by the page, sealed (core/web/seen.ts).
   `build` is put here when the web is built: every file of this build, and those that a first page needs. */
const build = /* BUILD */ { files: [], first: [] }
const shell = 'concord-shell'
const seen = 'concord-seen'
/** A line that is up and answers nothing is no better than none. */
const patience = 6000

const fresh = (path) => new Request(path, { cache: 'no-cache', credentials: 'same-origin' })

async function install() {
  const kept = await caches.open(shell)
  await Promise.all(build.first.map(async (path) => (await kept.match(path)) || kept.add(path)))
  const page = await fetch(fresh('/'))
  if (page.ok && page.headers.has('concord-shell')) await kept.put('/', page)
  await skipWaiting()
}

async function activate() {
  const kept = await caches.open(shell)
  const now = new Set(['/', ...build.files])
  for (const request of await kept.keys()) if (!now.has(new URL(request.url).pathname)) await kept.delete(request)
  await clients.claim()
}

/** The network's page while there is a network, so that no shell outlives an upgrade; else the one that was kept. */
async function navigate(request) {
  const kept = await caches.open(shell)
  let timer
  const late = new Promise((resolve) => (timer = setTimeout(resolve, patience)))
  const asked = fetch(request).then((answer) => {
    if (answer.ok && answer.headers.has('concord-shell')) void kept.put('/', answer.clone())
    return answer
  })
  const answer = await Promise.race([asked.catch(() => undefined), late])
  clearTimeout(timer)
  const isShell = !/^\/(api|live|a|channels|ingest|packs|sign-in\/link|healthz|metrics|openapi\.json)(\/|$)/.test(new URL(request.url).pathname)
  // A proxy before a server that is down answers 502 to 504.
  if (answer && !(isShell && answer.status >= 502 && answer.status <= 504)) return answer
  return (isShell && (await kept.match('/'))) || answer || asked
}

/** Named by their content, so what is kept is what would be sent. */
async function asset(request) {
  const kept = await caches.open(shell)
  const found = await kept.match(request.url)
  if (found) return found
  const answer = await fetch(request)
  if (answer.ok && build.files.includes(new URL(request.url).pathname)) void kept.put(request.url, answer.clone())
  return answer
}

addEventListener('install', (event) => event.waitUntil(install()))
addEventListener('activate', (event) => event.waitUntil(activate()))
addEventListener('message', (event) => {
  const paths = (event.data?.keep ?? []).filter((path) => build.files.includes(path))
  event.waitUntil(
    caches.open(shell).then((kept) => Promise.all(paths.map(async (path) => (await kept.match(path)) || kept.add(path).catch(() => {})))),
  )
})
addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (url.origin !== location.origin) return
  // Whoever comes or goes: what the one before saw is dropped, also when no page of ours is open to do it.
  if (request.method === 'POST' && /^\/(api\/)?sign-in(\/|$)/.test(url.pathname)) event.waitUntil(caches.delete(seen))
  if (request.method !== 'GET') return
  if (request.mode === 'navigate') event.respondWith(navigate(request))
  else if (url.pathname.startsWith('/assets/')) event.respondWith(asset(request))
})
