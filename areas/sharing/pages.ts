import type { AreaPage } from '#core/web/navigation.tsx'

/** For which incident something is shared, asked or told: the centre's pages lead here with it. */
const forIncident: NonNullable<AreaPage['search']> = (raw) => (typeof raw.incident === 'string' ? { incident: raw.incident } : {})

export const pages: readonly AreaPage[] = [
  { path: '/sharing', title: 'title', load: () => import('./protocols/page.tsx') },
  { path: '/sharing/emergency', title: 'emergency.title', load: () => import('./emergency/page.tsx'), search: forIncident },
  {
    path: '/sharing/items',
    title: 'item.title',
    load: () => import('./items/page.tsx'),
    search: (raw) => ({
      ...(typeof raw.kind === 'string' ? { kind: raw.kind } : {}),
      ...(typeof raw.before === 'string' ? { before: raw.before } : {}),
    }),
  },
  {
    path: '/sharing/items/new',
    title: 'item.share',
    load: () => import('./items/new/page.tsx'),
    search: forIncident,
  },
  { path: '/sharing/items/$itemId', title: 'item.name', load: () => import('./items/detail/page.tsx') },
  {
    path: '/sharing/disclosures',
    title: 'log.all',
    load: () => import('./disclosures/page.tsx'),
    search: (raw) => ({
      ...(typeof raw.direction === 'string' ? { direction: raw.direction } : {}),
      ...(typeof raw.before === 'string' ? { before: raw.before } : {}),
    }),
  },
  { path: '/sharing/pointers', title: 'pointer.title', load: () => import('./pointers/page.tsx') },
  { path: '/sharing/restrictions', title: 'restriction.title', load: () => import('./restrictions/page.tsx') },
  { path: '/sharing/briefings', title: 'briefing.title', load: () => import('./briefings/page.tsx') },
  {
    path: '/sharing/protocols/draft',
    title: 'protocol.draw',
    load: () => import('./protocols/draft/page.tsx'),
    search: (raw) => (typeof raw.protocol === 'string' ? { protocol: raw.protocol } : {}),
  },
  { path: '/sharing/requests', title: 'request.title', load: () => import('./requests/page.tsx'), search: forIncident },
  { path: '/sharing/oversight', title: 'oversight.title', load: () => import('./oversight/page.tsx') },
  { path: '/sharing/protocols/$protocolId', title: 'protocol.name', load: () => import('./protocols/detail/page.tsx') },
]
