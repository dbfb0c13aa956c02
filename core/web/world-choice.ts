const chosen = 'concord.world'

/** The world that this window asked for; null is the one its session is in. A second window can be in another. */
export const chosenWorld = (): string | null => sessionStorage.getItem(chosen)

/** Enters a world (an exercise, or live again) and begins anew there, so that nothing of the other stays on the screen. */
export function chooseWorld(id: string | null): void {
  if (id === null) sessionStorage.removeItem(chosen)
  else sessionStorage.setItem(chosen, id)
  location.assign('/')
}
