import type { AreaPage } from '#core/web/navigation.tsx'

/** What core shows of the record: to everybody the keys that sign it, to those who look after it or into it how it stands. */
export const pages: readonly AreaPage[] = [{ path: '/record', title: 'title', load: () => import('./standing/page.tsx'), nav: true }]
