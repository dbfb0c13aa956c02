import type { AreaPage } from '#core/web/navigation.tsx'

export const pages: readonly AreaPage[] = [
  { path: '/structure', title: 'directory', load: () => import('./directory/page.tsx'), nav: true },
  { path: '/structure/import', title: 'import.title', load: () => import('./sheets/page.tsx') },
  { path: '/structure/reviews', title: 'review.title', load: () => import('./review/page.tsx') },
  { path: '/structure/reviews/$reviewId', title: 'review.title', load: () => import('./review/detail/page.tsx') },
]
