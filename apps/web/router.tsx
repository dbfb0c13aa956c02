import { createRootRoute, createRoute, createRouter, lazyRouteComponent, type AnyRoute } from '@tanstack/react-router'
import type { AreaPage } from '#core/web/navigation.tsx'
import { Failed, NotHere } from './failed.tsx'
import { Home } from './home.tsx'
import { isOpen, offered } from './pages.ts'
import { BandProvider } from '#core/web/band.tsx'
import { PaletteProvider } from '#core/web/palette-items.tsx'
import { Shell } from './shell.tsx'
import { Start } from './start.tsx'

const Root = () => (
  <Start isOpen={isOpen}>
    <PaletteProvider>
      <BandProvider>
        <Shell />
      </BandProvider>
    </PaletteProvider>
  </Start>
)
const root = createRootRoute({ component: Root, notFoundComponent: NotHere })

const routeOf = (page: AreaPage): AnyRoute =>
  createRoute({
    getParentRoute: () => root,
    path: page.path,
    component: lazyRouteComponent(page.load, 'Page'),
    validateSearch: (raw: Record<string, unknown>) => ({
      ...(raw.view === undefined ? {} : { view: raw.view }),
      ...(page.search?.(raw) ?? raw),
    }),
  })

const home = createRoute({ getParentRoute: () => root, path: '/', component: Home })
const taken = new Set(offered.map((page) => page.path))

export const router = createRouter({
  routeTree: root.addChildren([...(taken.has('/') ? [] : [home]), ...offered.map(routeOf)]),
  defaultErrorComponent: Failed,
  defaultNotFoundComponent: NotHere,
  defaultPendingMs: 300,
  scrollRestoration: false,
})
