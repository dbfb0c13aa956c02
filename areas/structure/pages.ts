import type { AreaPage } from '#core/web/navigation.tsx'
import { readWishes } from './picture/rules/address.ts'

export const pages: readonly AreaPage[] = [
  { path: '/structure', title: 'directory', load: () => import('./directory/page.tsx'), nav: true },
  {
    path: '/structure/network',
    title: 'picture.title',
    load: () => import('./picture/page.tsx'),
    search: readWishes,
    early: (search) => (/[?&]version=/.test(search) ? null : '/api/structure/network'),
  },
  { path: '/structure/import', title: 'import.title', load: () => import('./sheets/page.tsx') },
  {
    path: '/structure/analysis',
    title: 'analysis.title',
    load: () => import('./city-analysis/page.tsx'),
    search: ({ incident }) => (typeof incident === 'string' ? { incident } : {}),
  },
  { path: '/structure/links', title: 'links.title', load: () => import('./editing/links/page.tsx') },
  { path: '/structure/responsibilities', title: 'responsibilities.title', load: () => import('./editing/responsibilities/page.tsx') },
  { path: '/structure/products', title: 'products.title', load: () => import('./editing/products/page.tsx') },
  { path: '/structure/media', title: 'media.title', load: () => import('./editing/media/page.tsx') },
  { path: '/structure/places', title: 'places.title', load: () => import('./editing/places/page.tsx') },
  { path: '/structure/variants', title: 'variants.title', load: () => import('./editing/variants/page.tsx') },
  {
    path: '/structure/reviews',
    title: 'review.title',
    load: () => import('./review/page.tsx'),
    home: () => import('./review/parts/waiting.tsx'),
  },
  { path: '/structure/reviews/$reviewId', title: 'review.title', load: () => import('./review/detail/page.tsx') },
  { path: '/structure/attendance', title: 'attendance.title', load: () => import('./attendance/page.tsx') },
  { path: '/structure/plans', title: 'plans.title', load: () => import('./plans/page.tsx') },
  {
    path: '/structure/tonight',
    title: 'tonight.title',
    load: () => import('./convening/page.tsx'),
    home: () => import('./convening/parts/tonight.tsx'),
  },
  { path: '/structure/readiness', title: 'readiness.title', load: () => import('./readiness/page.tsx') },
  {
    path: '/structure/stress',
    title: 'stress.title',
    load: () => import('./stress/page.tsx'),
    search: (raw) => (typeof raw.run === 'string' ? { run: raw.run } : {}),
  },
]
