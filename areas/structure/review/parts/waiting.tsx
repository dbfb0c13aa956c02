import { useQueryOf } from '#core/web/hooks.ts'
import { Link } from '#core/web/navigation.tsx'
import { useWords } from '#core/web/words.ts'
import { reviews, reviewTables } from '../contract.ts'

/** For the start page: what waits for the signature of somebody's agency. Shows nothing to those for whom nothing waits. */
export function Panel() {
  const t = useWords('structure')
  const { data } = useQueryOf(reviews, {}, { watches: reviewTables })
  const waiting = data?.reviews.filter(({ toSign }) => toSign) ?? []
  if (waiting.length === 0) return null
  return (
    <section className="contents-area">
      <h2>{t('review.toSign')}</h2>
      <ul>
        {waiting.map(({ id, title }) => (
          <li key={id}>
            <Link to={`/structure/reviews/${id}`}>{title}</Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
