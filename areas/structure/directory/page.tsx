import { Link, useAddress, useGo } from '#core/web/navigation.tsx'
import { PageHead } from '#core/web/page.tsx'
import { Tabs } from '#core/web/tabs.tsx'
import { useWords } from '#core/web/words.ts'
import { Findings } from '../findings/parts/findings.tsx'
import { People } from '../people/parts/people.tsx'
import { Agencies } from './parts/agencies.tsx'
import { DutyBoard } from './parts/duty-board.tsx'
import { Groups } from './parts/groups.tsx'
import { Posts } from './parts/posts.tsx'

/** Who is who. What shows where the city is thin asks for itself, and the server says who may have it. */
export function Page() {
  const t = useWords('structure')
  const { tab } = useAddress<{ tab: string }>()
  const go = useGo()
  return (
    <div className="page">
      <PageHead
        title={t('directory')}
        lead={t('lead')}
        actions={
          <span className="row">
            <Link to="/structure/links">{t('links.title')}</Link>
            <Link to="/structure/responsibilities">{t('responsibilities.title')}</Link>
            <Link to="/structure/products">{t('products.title')}</Link>
            <Link to="/structure/network">{t('picture.title')}</Link>
            <Link to="/structure/analysis">{t('analysis.title')}</Link>
            <Link to="/structure/reviews">{t('review.title')}</Link>
            <Link to="/structure/attendance">{t('attendance.title')}</Link>
            <Link to="/structure/plans">{t('plans.title')}</Link>
            <Link to="/structure/stress">{t('stress.title')}</Link>
            <Link to="/structure/readiness">{t('readiness.title')}</Link>
            <Link to="/structure/import">{t('import.title')}</Link>
          </span>
        }
      />
      <Tabs
        label={t('title')}
        selected={tab ?? 'agencies'}
        onSelect={(id) => go(undefined, { tab: id, group: null }, true)}
        tabs={[
          { id: 'agencies', title: t('agencies.title'), content: () => <Agencies /> },
          { id: 'groups', title: t('groups.title'), content: () => <Groups /> },
          { id: 'duty', title: t('duty.title'), content: () => <DutyBoard /> },
          { id: 'posts', title: t('posts.title'), content: () => <Posts /> },
          { id: 'people', title: t('people.title'), content: () => <People /> },
          { id: 'findings', title: t('findings.title'), content: () => <Findings /> },
        ]}
      />
    </div>
  )
}
