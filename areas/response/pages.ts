import type { AreaPage } from '#core/web/navigation.tsx'

export const pages: readonly AreaPage[] = [
  { path: '/response', title: 'incidents.title', load: () => import('./incidents/page.tsx'), nav: true },
  { path: '/response/centre/$incidentId', title: 'centre.title', load: () => import('./centre/page.tsx') },
  { path: '/response/centre/$incidentId/timeline', title: 'timeline.title', load: () => import('./timeline/page.tsx') },
  { path: '/response/centre/$incidentId/as-of', title: 'asOf.title', load: () => import('./as-of/page.tsx') },
]
