const chosen = 'concord.world'

/** The world that this window asked for; null is the one its session is in. A second window can be in another. */
export const chosenWorld = (): string | null => sessionStorage.getItem(chosen)

/** Enters a world (an exercise, or live again) and begins anew there, so that nothing of the other stays on the screen. */
export function chooseWorld(id: string | null): void {
  if (id === null) sessionStorage.removeItem(chosen)
  else sessionStorage.setItem(chosen, id)
  location.assign('/')
}

/** A link can lead into an exercise (`?world=<id>`): the choice is kept for this window and leaves the address. */
export function takeWorldFromAddress(): void {
  const address = new URL(location.href)
  const id = address.searchParams.get('world')
  if (id === null) return
  address.searchParams.delete('world')
  if (/^[0-9a-f-]{36}$/.test(id)) sessionStorage.setItem(chosen, id)
  history.replaceState(null, '', address)
}
