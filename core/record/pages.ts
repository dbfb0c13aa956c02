import type { AreaPage } from '#core/web/navigation.tsx'

/** What the record shows of itself: to everybody the keys that sign it; to those who answer for it, or look into it, how it stands and who had what. */
export const pages: readonly AreaPage[] = [
  { path: '/record', title: 'title', load: () => import('./standing/page.tsx'), nav: true },
  {
    path: '/record/availability',
    title: 'availability.title',
    load: () => import('./availability/page.tsx'),
    search: (raw) => ({
      ...(typeof raw.table === 'string' ? { table: raw.table } : {}),
      ...(typeof raw.row === 'string' ? { row: raw.row } : {}),
    }),
  },
  { path: '/record/retention', title: 'retention.title', load: () => import('./retention/page.tsx'), nav: true },
]
