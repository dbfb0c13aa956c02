import type { Area, Organisation, Tx } from './implement.ts'

/** Everybody whom markings and packs may name, as far as whoever asks can read of them: asked area by area, since one transaction does one thing at a time. */
export const organisationsOf =
  (areas: readonly Area[]) =>
  async (tx: Tx): Promise<readonly Organisation[]> => {
    const found: Organisation[] = []
    for (const area of areas) found.push(...((await area.organisations?.(tx)) ?? []))
    return found
  }
