import type { AreaPage } from '#core/web/navigation.tsx'

export const pages: readonly AreaPage[] = [
  { path: '/structure', title: 'directory', load: () => import('./directory/page.tsx'), nav: true },
  { path: '/structure/import', title: 'import.title', load: () => import('./sheets/page.tsx') },
  {
    path: '/structure/analysis',
    title: 'analysis.title',
    load: () => import('./city-analysis/page.tsx'),
    search: ({ incident }) => (typeof incident === 'string' ? { incident } : {}),
  },
  { path: '/structure/reviews', title: 'review.title', load: () => import('./review/page.tsx') },
  { path: '/structure/reviews/$reviewId', title: 'review.title', load: () => import('./review/detail/page.tsx') },
  { path: '/structure/attendance', title: 'attendance.title', load: () => import('./attendance/page.tsx') },
  { path: '/structure/plans', title: 'plans.title', load: () => import('./plans/page.tsx') },
]
