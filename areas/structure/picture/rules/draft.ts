import type { Network } from '../../network/contract.ts'

/** A draft and the way back and forth through what was done to it. */
export interface Draft {
  past: readonly Network[]
  now: Network
  future: readonly Network[]
}

/** So many steps back are kept: more than anybody remembers. */
const most = 100

export const begun = (network: Network): Draft => ({ past: [], now: network, future: [] })
/** A deed ends the way forth: what was undone before it is gone. The same network again is no step. */
export const done = (draft: Draft, next: Network): Draft =>
  next === draft.now ? draft : { past: [...draft.past, draft.now].slice(-most), now: next, future: [] }
export function undone(draft: Draft): Draft {
  const before = draft.past.at(-1)
  return before === undefined ? draft : { past: draft.past.slice(0, -1), now: before, future: [draft.now, ...draft.future] }
}
export function redone(draft: Draft): Draft {
  const [next, ...rest] = draft.future
  return next === undefined ? draft : { past: [...draft.past, draft.now], now: next, future: rest }
}

/** What a network says, short: to tell whether a draft was begun on another one than stands now. Not a seal; the server has its own. */
export function markOf(network: Network): string {
  const text = JSON.stringify(network)
  let mark = 0x811c9dc5
  for (let place = 0; place < text.length; place += 1) mark = Math.imul(mark ^ text.charCodeAt(place), 0x01000193) >>> 0
  return `${text.length.toString(36)}-${mark.toString(36)}`
}

export interface Kept {
  basedOn: string
  draft: Network
}
/** A draft kept by this window, if what is kept can still be read. */
export function readKept(text: string | null): Kept | null {
  if (text === null) return null
  try {
    const kept = JSON.parse(text) as Kept
    return Array.isArray(kept.draft.links) && Array.isArray(kept.draft.memberships) && typeof kept.basedOn === 'string' ? kept : null
  } catch {
    return null
  }
}
