/** Wall: dark, four metres, no clicks. Desk: dense, keyboard. Pocket: one column, thumb. */
export type View = 'desk' | 'pocket' | 'wall'
export type Theme = 'light' | 'dark'
export interface Look {
  view: View
  theme: Theme
  contrast: 'normal' | 'more'
}

const pocketWidth = '(max-width: 40rem)'
const kept = 'concord.look'

interface Wish {
  view?: View | undefined
  theme?: Theme | undefined
  contrast?: 'normal' | 'more' | undefined
}

const readWish = (): Wish => {
  try {
    return JSON.parse(localStorage.getItem(kept) ?? '{}') as Wish
  } catch {
    return {}
  }
}

/** A wall and a narrow screen decide for themselves; for the rest the reader's choice, then the device's. */
export function lookFor(wish: Wish, device: { narrow: boolean; dark: boolean; contrast: boolean }): Look {
  const view = wish.view ?? (device.narrow ? 'pocket' : 'desk')
  return {
    view,
    theme: view === 'wall' ? 'dark' : (wish.theme ?? (device.dark ? 'dark' : 'light')),
    contrast: wish.contrast ?? (device.contrast ? 'more' : 'normal'),
  }
}

/** What the reader chose on this device; undefined where the device decides. */
export const wishedTheme = (): Theme | undefined => readWish().theme

const isView = (text: string | null): text is View => text === 'desk' || text === 'pocket' || text === 'wall'
const listeners = new Set<() => void>()
let look: Look = { view: 'desk', theme: 'light', contrast: 'normal' }

function refresh() {
  const asked = new URLSearchParams(location.search).get('view')
  const { view: _kept, ...wish } = readWish()
  const next = lookFor(isView(asked) ? { ...wish, view: asked } : wish, {
    narrow: matchMedia(pocketWidth).matches,
    dark: matchMedia('(prefers-color-scheme: dark)').matches,
    contrast: matchMedia('(prefers-contrast: more)').matches,
  })
  if (next.view === look.view && next.theme === look.theme && next.contrast === look.contrast && document.documentElement.dataset.view)
    return
  look = next
  Object.assign(document.documentElement.dataset, look)
  for (const listener of listeners) listener()
}

/** Begin to watch the address, the device and the reader's choice. Call before the first paint. */
export function startLook() {
  for (const media of [pocketWidth, '(prefers-color-scheme: dark)', '(prefers-contrast: more)'])
    matchMedia(media).addEventListener('change', refresh)
  addEventListener('popstate', refresh)
  refresh()
}

/** After the address changed by the router, which fires no popstate. */
export const lookAgain = refresh

/** The reader's own choice for this device; `undefined` gives it back to the device. */
export function wishLook(wish: Wish) {
  localStorage.setItem(kept, JSON.stringify({ ...readWish(), ...wish }))
  refresh()
}

export const currentLook = (): Look => look
/** @returns stops listening */
export const onLook = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
