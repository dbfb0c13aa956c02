import type { AreaPage } from '#core/web/navigation.tsx'

/** What the record itself shows: how long what is kept, and what holds it. */
export const pages: readonly AreaPage[] = [
  { path: '/record/retention', title: 'title.retention', load: () => import('./retention/page.tsx'), nav: true },
]
