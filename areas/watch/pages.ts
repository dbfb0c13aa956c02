import type { AreaPage } from '#core/web/navigation.tsx'

export const pages: readonly AreaPage[] = [
  { path: '/watch', title: 'desk.title', load: () => import('./desk/page.tsx'), nav: true },
  { path: '/watch/activations', title: 'activations.title', load: () => import('./activation/page.tsx'), nav: true },
  { path: '/watch/levels', title: 'levels.title', load: () => import('./activation/levels/page.tsx') },
  { path: '/watch/activations/$activationId', title: 'board.posts', load: () => import('./activation/board/page.tsx') },
]
