import { Link } from '#core/web/navigation.tsx'
import { PageHead } from '#core/web/page.tsx'
import { useWords } from '#core/web/words.ts'
import { Markings } from '../schemes/parts/markings.tsx'
import { Devices } from './parts/devices.tsx'
import { Groups } from './parts/groups.tsx'
import { Times } from './parts/times.tsx'

/** What an administrator sets about signing in. */
export function Page() {
  const t = useWords('access')
  return (
    <div className="page">
      <PageHead
        title={t('title.administration')}
        lead={t('administration.lead')}
        actions={<Link to="/access/provisioners">{t('title.provisioners')}</Link>}
      />
      <Devices />
      <Groups />
      <Times />
      <Markings />
    </div>
  )
}
