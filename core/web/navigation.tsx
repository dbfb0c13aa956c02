import type { AnchorHTMLAttributes, MouseEvent, ReactNode } from 'react'
import { useNavigate, useParams, useRouterState, useSearch } from '@tanstack/react-router'

/** A page that an area offers; `areas/<area>/pages.ts` exports `pages: readonly AreaPage[]`. */
export interface AreaPage {
  /** `/response/centre/$incidentId`: names with `$` are parameters. */
  path: string
  /** Key in the area's own catalogue. */
  title: string
  /** `() => import('./centre/page.tsx')`; the module exports a component named `Page`. */
  load: () => Promise<{ Page: () => ReactNode }>
  /** In the navigation and in Ctrl K. */
  nav?: boolean
  /** Reads the address: a zod schema's `.parse`, or any function; what it returns is what `useAddress` gives. */
  search?: (raw: Record<string, unknown>) => Record<string, unknown>
  /** A part of it for the start page; the module exports a component named `Panel`, which shows nothing to those it is not for. */
  home?: () => Promise<{ Panel: () => ReactNode }>
  /** The path of a large answer that the page will ask for first, from the address's search: asked for while its code is on its way. */
  early?: (search: string) => string | null
  /** Reached without signing in, and shown without the navigation. */
  open?: boolean
}

type Words = Record<string, string>

/** Parts of the path: `const { incidentId } = useParts()`. */
export const useParts = (): Words => useParams({ strict: false }) as Words
/** The typed search parameters of this page, as its manifest's `search` returns them. */
export const useAddress = <T extends Record<string, unknown>>(): Partial<T> => useSearch({ strict: false }) as Partial<T>

/** Goes to a page (`go('/watch')`), or changes search parameters of this one (`go(undefined, { tab: 'log' })`; null removes). */
export function useGo(): (to?: string, search?: Record<string, unknown>, replace?: boolean) => void {
  const navigate = useNavigate()
  return (to, search, replace = false) => {
    const [path, asked] = to === undefined ? [undefined, {}] : partsOf(to)
    const put = (before: Record<string, unknown>) =>
      Object.fromEntries(
        Object.entries({ ...(to === undefined ? before : keptIn(before)), ...asked, ...search }).filter(([, value]) => value != null),
      )
    void navigate({ to: path ?? '.', search: put as never, replace })
  }
}

/** The router takes a path and its search apart: a link is written as one address. Numbers stay numbers, so that they are not put in quotes. */
function partsOf(to: string): [string, Record<string, unknown>] {
  const [path = '', asked = ''] = to.split('?', 2)
  const values = [...new URLSearchParams(asked)].map(([key, value]) => [key, /^\d{1,9}$/.test(value) ? Number(value) : value])
  return [path, Object.fromEntries(values)]
}

/** The view goes with its reader from page to page; nothing else of the address does. */
const keptIn = (search: Record<string, unknown>) => (search.view === undefined ? {} : { view: search.view })

/** A link inside Concord: a real address, so that it can be opened in another window, copied and printed. */
export function Link({
  to,
  children,
  ...rest
}: { to: string; children: ReactNode } & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'>) {
  const go = useGo()
  const view = useRouterState({ select: (state) => (state.location.search as Words).view })
  const here = useRouterState({ select: (state) => state.location.pathname })
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    go(to)
  }
  return (
    <a
      {...rest}
      href={view ? `${to}${to.includes('?') ? '&' : '?'}view=${view}` : to}
      onClick={follow}
      {...(here === to ? { 'aria-current': 'page' as const } : {})}
    >
      {children}
    </a>
  )
}
