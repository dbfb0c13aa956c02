import { useQueryOf } from '#core/web/hooks.ts'
import { Link } from '#core/web/navigation.tsx'
import { EmptyState } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'
import { levelsInFull } from '../contract.ts'

/** Nothing to activate at: an administrator goes and adds a level, everybody else learns whom to ask. */
export function NoLevel() {
  const t = useWords('watch')
  const { data } = useQueryOf(levelsInFull, {}, { watches: ['watch.levels'] })
  return (
    <EmptyState title={t('levels.none')} action={<Link to="/watch/levels">{t('levels.title')}</Link>}>
      <p>{t('levels.noneMore')}</p>
      {data ? <p>{data.can.set ? t('levels.addOne') : <WhomToAsk keepers={data.keepers} />}</p> : null}
    </EmptyState>
  )
}

export function WhomToAsk({ keepers }: { keepers: readonly string[] }) {
  const t = useWords('watch')
  return <>{keepers.length === 0 ? t('levels.askSomebody') : t('levels.ask', { names: keepers.join(', ') })}</>
}
