import { pages as accessPages } from '#core/access/pages.ts'
import { pages as recordPages } from '#core/record/pages.ts'
import type { AreaPage } from '#core/web/navigation.tsx'
import { areaPages } from './manifests.ts'

const own: readonly AreaPage[] = [
  { path: '/operations', title: 'operations.title', load: async () => ({ Page: (await import('./operations.tsx')).Operations }) },
  { path: '/gallery', title: 'gallery', load: async () => ({ Page: (await import('#core/web/gallery.tsx')).Gallery }), open: true },
]

/** Every page of this window. */
export const offered: readonly AreaPage[] = [...areaPages.flatMap((one) => one.pages), ...accessPages, ...recordPages, ...own]

const openPaths = ['/sign-in', ...offered.filter((page) => page.open).map((page) => page.path)]

/** Reached without signing in: matched by its beginning where parameters follow. */
export const isOpen = (pathname: string): boolean =>
  openPaths.some((path) => pathname === path || (path.includes('$') && pathname.startsWith(path.slice(0, path.indexOf('$')))))

/** The page at an address, so that its parts can be fetched before the router is there. */
export const pageAt = (pathname: string): AreaPage | undefined =>
  offered.find(({ path }) => new RegExp(`^${path.replace(/\$[A-Za-z]*/g, '[^/]+')}/?$`).test(pathname))
