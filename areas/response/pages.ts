import type { AreaPage } from '#core/web/navigation.tsx'

export const pages: readonly AreaPage[] = [
  { path: '/response', title: 'incidents.title', load: () => import('./incidents/page.tsx'), nav: true },
  { path: '/response/centre/$incidentId', title: 'centre.title', load: () => import('./centre/page.tsx') },
  { path: '/response/centre/$incidentId/timeline', title: 'timeline.title', load: () => import('./timeline/page.tsx') },
  { path: '/response/centre/$incidentId/members', title: 'members.title', load: () => import('./members/page.tsx') },
  { path: '/response/centre/$incidentId/as-of', title: 'asOf.title', load: () => import('./as-of/page.tsx') },
  { path: '/response/centre/$incidentId/pack', title: 'pack.title', load: () => import('./pack/page.tsx') },
  { path: '/response/centre/$incidentId/decisions', title: 'decision.list', load: () => import('./decisions/page.tsx') },
  {
    path: '/response/centre/$incidentId/decisions/record',
    title: 'decision.record',
    load: () => import('./decisions/record/page.tsx'),
    search: (raw) => (typeof raw.reverses === 'string' ? { reverses: raw.reverses } : {}),
  },
  { path: '/response/centre/$incidentId/decisions/$decisionId', title: 'decision.list', load: () => import('./decisions/detail/page.tsx') },
  { path: '/response/centre/$incidentId/log', title: 'loggist.title', load: () => import('./loggist/page.tsx') },
  { path: '/response/centre/$incidentId/tasks', title: 'task.title', load: () => import('./tasks/page.tsx') },
]
