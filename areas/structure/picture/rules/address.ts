import type { Band, LinkKind } from '../../network/contract.ts'

/** What a reader of the picture asked for, as it stands in the address, so that a view can be sent to somebody. */
export interface Wishes {
  attack?: string
  band?: Band
  phase?: 'response' | 'transition' | 'recovery'
  agency?: string
  kind?: LinkKind
  medium?: string
  /** Id of a group, post, agency, or cluster. */
  focus?: string
  steps?: 1 | 2
  find?: string
  version?: number
  against?: number
  /** Clusters opened or closed by hand: `all`, `none`, or their keys with commas between them. */
  open?: string
  edit?: boolean
  tab?: string
  finding?: string
  /** What was observed is that of this incident, when it is asked for. */
  incident?: string
  /** A review whose proposal is drawn on. */
  review?: string
}

const text = (value: unknown): string | undefined => {
  const words = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
  return words === '' ? undefined : words.slice(0, 400)
}
const whole = (value: unknown): number | undefined => {
  const number = Number(value)
  return Number.isInteger(number) && number > 0 ? number : undefined
}
const among =
  <Word extends string>(...words: readonly Word[]) =>
  (value: unknown): Word | undefined =>
    words.find((word) => word === value)

const readers = {
  attack: text,
  band: among('any', 'first-hour', 'first-day', 'recovery'),
  phase: among('response', 'transition', 'recovery'),
  agency: text,
  kind: among('directs', 'reports', 'informs', 'requests', 'liaises'),
  medium: text,
  focus: text,
  steps: (value: unknown) => (whole(value) === 2 ? 2 : undefined),
  find: text,
  version: whole,
  against: whole,
  open: text,
  edit: (value: unknown) => (value === true || value === 'true' || value === 1 ? true : undefined),
  tab: text,
  finding: text,
  incident: text,
  review: text,
} satisfies Record<keyof Wishes, (value: unknown) => unknown>

/** Reads the address; what cannot be meant is left out, so that an old or mistyped address still opens the picture. */
export function readWishes(raw: Record<string, unknown>): Record<string, unknown> {
  const read = Object.entries(readers).map(([key, reader]) => [key, reader(raw[key])] as const)
  return { ...(raw.view === undefined ? {} : { view: raw.view }), ...Object.fromEntries(read.filter(([, value]) => value !== undefined)) }
}
