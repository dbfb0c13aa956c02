/** Who may read a new label, asked for every viewer. */
export type MayRead = (viewer: { readonly id: string; readonly person: string; readonly world: string }) => boolean

type Learned = { readonly position: number; readonly label: number; readonly mayRead: MayRead }

/**
 * Remembers for a while whose reach changed, and which labels are new, so that a viewer who arrives with labels read a moment
 * earlier gets neither too much nor too little.
 */
export type ReachChanges = {
  changed: (who: string, position: number) => void
  learned: (label: number, position: number, mayRead: MayRead) => void
  /** True when nothing is known to have changed for them after the position; false also when it is too long ago to tell. */
  unchangedSince: (person: string, viewer: string, position: number) => boolean
  /** Labels learnt after a position, or undefined when it is too long ago to tell. */
  learnedSince: (position: number) => readonly Learned[] | undefined
}

/**
 * @param position the hub's first position
 * @param keep how many people, and how many labels
 */
export const createReachChanges = (position: number, keep = 10_000): ReachChanges => {
  const latest = new Map<string, number>()
  let peopleFloor = position
  let learned: Learned[] = []
  let labelFloor = position
  return {
    changed: (who, at) => {
      latest.delete(who)
      latest.set(who, at)
      if (latest.size <= keep) return
      const [oldest, changedAt] = latest.entries().next().value as [string, number]
      latest.delete(oldest)
      peopleFloor = Math.max(peopleFloor, changedAt)
    },
    learned: (label, at, mayRead) => {
      learned.push({ label, position: at, mayRead })
      if (learned.length < 512) return
      labelFloor = (learned[255] as Learned).position
      learned = learned.slice(256)
    },
    unchangedSince: (person, viewer, since) =>
      since >= peopleFloor && (latest.get(person) ?? since) <= since && (latest.get(viewer) ?? since) <= since,
    learnedSince: (since) => (since < labelFloor ? undefined : learned.filter((each) => each.position > since)),
  }
}
