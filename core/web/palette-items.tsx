import { createContext, use, useEffect, useState, type ReactNode } from 'react'

export interface PaletteItem {
  id: string
  words: string
  /** Where it belongs: the area's name. */
  more?: string
  run: () => void
}

type Offer = (id: string, items: readonly PaletteItem[] | null) => void
const Offering = createContext<Offer>(() => {})
const Offered = createContext<readonly PaletteItem[]>([])

export function PaletteProvider({ children }: { children: ReactNode }) {
  const [offers, setOffers] = useState<ReadonlyMap<string, readonly PaletteItem[]>>(new Map())
  const [offer] = useState<Offer>(() => (id: string, items: readonly PaletteItem[] | null) => {
    setOffers((before) => {
      const after = new Map(before)
      if (items) after.set(id, items)
      else after.delete(id)
      return after
    })
  })
  return (
    <Offering value={offer}>
      <Offered value={[...offers.values()].flat()}>{children}</Offered>
    </Offering>
  )
}

/** Offers this page's deeds to Ctrl K while the page is in sight. `items` must keep its identity (useMemo). */
export function usePaletteItems(id: string, items: readonly PaletteItem[]) {
  const offer = use(Offering)
  useEffect(() => {
    offer(id, items)
    return () => offer(id, null)
  }, [offer, id, items])
}

export const useOfferedItems = () => use(Offered)
