import { order } from '#areas/order.ts'
import type { AreaPage } from '#core/web/navigation.tsx'

export interface AreaPages {
  area: string
  pages: readonly AreaPage[]
}

/** What every area offers, in the order of the mission's cycle; an area without pages is not there at all. */
export function inOrder(found: Record<string, readonly AreaPage[]>): AreaPages[] {
  const named = Object.entries(found).map(([path, pages]) => ({ area: /areas\/([^/]+)\//.exec(path)?.[1] ?? '', pages }))
  const rank = (area: string) => (order as readonly string[]).indexOf(area)
  return named.filter((one) => rank(one.area) >= 0 && one.pages.length > 0).sort((a, b) => rank(a.area) - rank(b.area))
}

export const areaPages = inOrder(import.meta.glob<readonly AreaPage[]>('../../areas/*/pages.ts', { eager: true, import: 'pages' }))

/** Sharing is reached from every label, so it has no place in the navigation. */
export const inNavigation = (areas: readonly AreaPages[]): AreaPages[] =>
  areas
    .filter((one) => one.area !== 'sharing')
    .map((one) => ({ area: one.area, pages: one.pages.filter((page) => page.nav) }))
    .filter((one) => one.pages.length > 0)
