import { useQueryOf } from '#core/web/hooks.ts'
import { Link } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'
import { requests } from './contract.ts'
import { Ask } from './parts/ask.tsx'
import { Figures } from './parts/figures.tsx'
import { OneRequest } from './parts/one-request.tsx'

const watches = ['sharing.requests', 'sharing.request_answers', 'sharing.request_appeals', 'sharing.request_steps']

/** What waits for your answer first, with the time left; then asking; then what others owe; then what was answered. For the desk and the pocket. */
export function Page() {
  const t = useWords('sharing')
  const { data, error, refetch } = useQueryOf(requests, {}, { watches })
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  const mine = data.requests.filter(({ can }) => can.answer)
  const waiting = data.requests.filter((one) => one.waiting && !one.can.answer)
  const answered = data.requests.filter((one) => !one.waiting)
  return (
    <div className="page">
      <PageHead title={t('request.title')} lead={t('request.lead')} actions={<Link to="/sharing">{t('title')}</Link>} />
      {mine.length > 0 ? (
        <Section title={t('request.toAnswer')}>
          {mine.map((one, place) => (
            <OneRequest key={one.id} one={one} first={place === 0} />
          ))}
        </Section>
      ) : null}
      {data.can.ask ? <Ask agencies={data.agencies} first={mine.length === 0} /> : null}
      {data.requests.length === 0 ? (
        <Section title={t('request.waiting')}>
          <EmptyState title={t('request.none')}>
            <p>{t('request.noneMore')}</p>
          </EmptyState>
        </Section>
      ) : null}
      {waiting.length > 0 ? (
        <Section title={t('request.waiting')}>
          {waiting.map((one) => (
            <OneRequest key={one.id} one={one} />
          ))}
        </Section>
      ) : null}
      {answered.length > 0 ? (
        <Section title={t('request.answered')}>
          {answered.map((one) => (
            <OneRequest key={one.id} one={one} />
          ))}
        </Section>
      ) : null}
      {data.can.figures ? <Figures /> : null}
    </div>
  )
}
