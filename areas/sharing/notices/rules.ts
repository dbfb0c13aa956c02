import type { Channel } from '#core/channels/channel.ts'
import type { Contact, OnDuty } from '#areas/structure/contract.ts'

/** Who of a post's line is told: the holders on duty; without one, the first deputy. */
export const toldOf = (line: readonly OnDuty[]): string[] => {
  const holders = line.filter(({ capacity }) => capacity === 'holder')
  return (holders.length > 0 ? holders : line.slice(0, 1)).map(({ personId }) => personId)
}

/** The first address on a channel that really sends in this kind of world; where none does, the first: it is simulated, and recorded as such. */
export const addressOf = (contacts: readonly Contact[], usable: readonly Channel[]): Contact | undefined =>
  contacts.find(({ channel }) => usable.includes(channel)) ?? contacts[0]

/** Whom nobody could be told for is tried again every five minutes of world time, for an hour. */
export const againAfterMinutes = 5
export const atMostTries = 12
export const nextTry = (tries: number, now: Date): Date | null =>
  tries + 1 >= atMostTries ? null : new Date(now.getTime() + againAfterMinutes * 60_000)
