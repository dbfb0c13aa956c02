import type { AreaPage } from '#core/web/navigation.tsx'

export const pages: readonly AreaPage[] = [
  { path: '/sharing', title: 'title', load: () => import('./protocols/page.tsx') },
  { path: '/sharing/emergency', title: 'emergency.title', load: () => import('./emergency/page.tsx') },
  { path: '/sharing/pointers', title: 'pointer.title', load: () => import('./pointers/page.tsx') },
  { path: '/sharing/restrictions', title: 'restriction.title', load: () => import('./restrictions/page.tsx') },
  { path: '/sharing/briefings', title: 'briefing.title', load: () => import('./briefings/page.tsx') },
  {
    path: '/sharing/protocols/draft',
    title: 'protocol.draw',
    load: () => import('./protocols/draft/page.tsx'),
    search: (raw) => (typeof raw.protocol === 'string' ? { protocol: raw.protocol } : {}),
  },
  { path: '/sharing/requests', title: 'request.title', load: () => import('./requests/page.tsx') },
  { path: '/sharing/oversight', title: 'oversight.title', load: () => import('./oversight/page.tsx') },
  { path: '/sharing/protocols/$protocolId', title: 'protocol.name', load: () => import('./protocols/detail/page.tsx') },
]
