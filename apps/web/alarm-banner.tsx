import { useQueryOf } from '#core/web/hooks.ts'
import { alarms } from '#core/access/duress/contract.ts'
import { Link } from '#core/web/navigation.tsx'
import { Banner } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'
import { useSelfAnswer } from './self-answer.ts'

/** Somebody signed in under duress and nobody has answered: on every screen of those who answer, and on no other. */
export function AlarmBanner() {
  const kinds = useSelfAnswer()?.kinds ?? []
  return kinds.includes('watch-officer') || kinds.includes('administrator') ? <Open /> : null
}

function Open() {
  const t = useWords()
  const open = useQueryOf(alarms, {}, { watches: ['access.alarm'] }).data?.alarms.filter(({ answered }) => answered === null) ?? []
  return open.length > 0 ? (
    <Banner word={t('banner.duress')}>
      <Link to="/access/alarms">{t('banner.duressMore', { names: open.map(({ person }) => person.name).join(', ') })}</Link>
    </Banner>
  ) : null
}
