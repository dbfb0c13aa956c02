import type { AreaPage } from '#core/web/navigation.tsx'

/** What the record itself shows, to those who answer for what stands in it. */
export const pages: readonly AreaPage[] = [
  {
    path: '/record/availability',
    title: 'availability.title',
    load: () => import('./availability/page.tsx'),
    search: (raw) => ({
      ...(typeof raw.table === 'string' ? { table: raw.table } : {}),
      ...(typeof raw.row === 'string' ? { row: raw.row } : {}),
    }),
  },
  { path: '/record/retention', title: 'title.retention', load: () => import('./retention/page.tsx'), nav: true },
]
