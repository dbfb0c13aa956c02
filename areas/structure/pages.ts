import type { AreaPage } from '#core/web/navigation.tsx'

export const pages: readonly AreaPage[] = [
  { path: '/structure', title: 'directory', load: () => import('./directory/page.tsx'), nav: true },
  { path: '/structure/import', title: 'import.title', load: () => import('./sheets/page.tsx') },
]
