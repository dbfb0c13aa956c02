import type { AreaPage } from '#core/web/navigation.tsx'

/** What core itself shows: the way in, and one's own sign-in. */
export const pages: readonly AreaPage[] = [
  {
    path: '/sign-in',
    title: 'title.signIn',
    load: () => import('./sign-in/page.tsx'),
    open: true,
    // The shell says where somebody came from as ?then=.
    search: (raw) => ({
      ...(typeof raw.then === 'string' ? { after: raw.then } : {}),
      ...(typeof raw.after === 'string' ? { after: raw.after } : {}),
    }),
  },
  { path: '/access/ways', title: 'title.ways', load: () => import('./sign-in/ways-page.tsx'), nav: true },
  { path: '/access/administration', title: 'title.administration', load: () => import('./sign-in/administration-page.tsx'), nav: true },
  { path: '/access/provisioners', title: 'title.provisioners', load: () => import('./provisioning/page.tsx') },
  { path: '/access/alarms', title: 'title.alarms', load: () => import('./duress/page.tsx') },
  { path: '/access/vouch', title: 'title.vouch', load: () => import('./sign-in/vouch-page.tsx'), nav: true },
]
