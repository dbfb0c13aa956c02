import { Marking } from '#core/web/badge.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { Section } from '#core/web/page.tsx'
import { Link } from '#core/web/navigation.tsx'
import { EmptyState, Problem, Waiting } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { editing } from '../../editing/contract.ts'
import { Holders } from '../../people/parts/holders.tsx'
import { people } from '../../people/contract.ts'
import { posts } from '../contract.ts'

/** Every post with who holds it: for named hands, marked as such. */
export function Posts() {
  const t = useWords('structure')
  const { data, error, refetch } = useQueryOf(posts, {}, { watches: ['structure.posts', 'structure.holdings'] })
  // Everybody whom the city knows is asked for only where somebody may be chosen.
  const { data: may } = useQueryOf(editing, {})
  const watched = ['structure.people', 'structure.holdings', 'structure.contacts']
  const { data: known } = useQueryOf(people, {}, { watches: watched, when: may?.edit === true })
  if (error && !data) return <Problem problem={error} onRetry={() => void refetch()} />
  if (!data) return <Waiting />
  const namesOf = (holdings: (typeof data.posts)[number]['holdings'], capacity: string) =>
    holdings
      .filter((holding) => holding.capacity === capacity)
      .map(({ name, hours }) => (hours === null ? name : `${name} (${hours})`))
      .join('; ')
  return (
    <Section title={t('posts.title')} aside={<Marking text={data.marking} />}>
      <Table
        label={t('posts.title')}
        rows={data.posts}
        rowId={({ id }) => id}
        columns={[
          { id: 'title', title: t('posts.post'), cell: ({ title }) => title, sort: ({ title }) => title, names: true },
          { id: 'agency', title: t('posts.agency'), cell: ({ agencyName }) => agencyName, sort: ({ agencyName }) => agencyName },
          { id: 'code', title: t('posts.code'), cell: ({ code }) => code, sort: ({ code }) => code },
          { id: 'kind', title: t('posts.kind'), cell: ({ kind }) => t(`kind.${kind}`), sort: ({ kind }) => kind },
          { id: 'holders', title: t('posts.holders'), cell: ({ holdings }) => namesOf(holdings, 'holder') || t('duty.nobody') },
          { id: 'deputies', title: t('posts.deputies'), cell: ({ holdings }) => namesOf(holdings, 'deputy') || t('duty.noDeputy') },
          ...(known?.can.add
            ? [
                {
                  id: 'deeds',
                  title: t('editing.deeds'),
                  cell: (post: (typeof data.posts)[number]) => <Holders post={post} known={known} />,
                },
              ]
            : []),
        ]}
        empty={
          <EmptyState level={2} title={t('posts.empty')} action={<Link to="/structure/import">{t('import.title')}</Link>}>
            <p>{t('posts.emptyMore')}</p>
          </EmptyState>
        }
      />
    </Section>
  )
}
