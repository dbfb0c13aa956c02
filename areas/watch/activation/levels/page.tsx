import { useQueryOf } from '#core/web/hooks.ts'
import { Link } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { useLanguage, useWords } from '#core/web/words.ts'
import { type LevelInFull, levelsInFull } from '../contract.ts'
import { WhomToAsk } from '../parts/no-level.tsx'
import { levelIn } from '../rules.ts'
import { Put } from './put.tsx'
import { Retire } from './retire.tsx'
import './page.css'

const watches = ['watch.levels', 'structure.posts', 'structure.groups']

/** At which levels the city can be activated: for everybody to read, for an administrator to keep. */
export function Page() {
  const t = useWords('watch')
  const language = useLanguage()
  const { data, error, refetch } = useQueryOf(levelsInFull, {}, { watches })
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  const standing = data.levels.filter(({ retired }) => !retired)
  const retired = data.levels.filter((level) => level.retired)
  const { set } = data.can
  return (
    <div className="page">
      <PageHead
        title={t('levels.title')}
        lead={t('levels.lead')}
        actions={
          <>
            {set ? <Put whole={data} /> : null}
            <Link to="/watch/activations">{t('activations.title')}</Link>
          </>
        }
      />
      {set || standing.length === 0 ? null : (
        <p className="soft">
          <WhomToAsk keepers={data.keepers} />
        </p>
      )}
      <Section title={t('levels.all')}>
        <Table
          label={t('levels.title')}
          rows={standing}
          rowId={({ code }) => code}
          columns={[
            { id: 'rank', title: t('levels.rank'), figures: true, cell: ({ rank }) => rank, sort: ({ rank }) => rank },
            {
              id: 'name',
              title: t('activations.level'),
              names: true,
              cell: (level) => levelIn(level, language).name,
              sort: (level) => levelIn(level, language).name,
            },
            { id: 'criteria', title: t('levels.criteria'), cell: (level) => levelIn(level, language).criteria },
            {
              id: 'calls',
              title: t('levels.calls'),
              cell: ({ posts }) => (
                <Listed names={posts.map(({ title, agency }) => `${title}, ${agency}`)} none={t('levels.callsNobody')} />
              ),
              text: ({ posts }) => String(posts.length),
            },
            {
              id: 'convenes',
              title: t('levels.convenes'),
              cell: ({ groups }) => (
                <Listed
                  names={groups.map(({ name, nameFr }) => (language.startsWith('fr') ? (nameFr ?? name) : name))}
                  none={t('levels.convenesNone')}
                />
              ),
              text: ({ groups }) => String(groups.length),
            },
            ...(set
              ? [
                  { id: 'change', title: t('levels.change'), cell: (level: LevelInFull) => <Put whole={data} level={level} /> },
                  {
                    id: 'retire',
                    title: t('levels.retire'),
                    cell: (level: LevelInFull) => <Retire level={level} last={standing.length === 1} />,
                  },
                ]
              : []),
          ]}
          empty={
            <EmptyState title={t('levels.none')}>
              <p>{t('levels.noneMore')}</p>
              <p>{set ? t('levels.addOne') : <WhomToAsk keepers={data.keepers} />}</p>
            </EmptyState>
          }
        />
      </Section>
      {retired.length === 0 ? null : (
        <Section title={t('levels.retired')}>
          <Table
            label={t('levels.retired')}
            rows={retired}
            rowId={({ code }) => code}
            columns={[
              { id: 'name', title: t('activations.level'), names: true, cell: (level) => levelIn(level, language).name },
              { id: 'criteria', title: t('levels.criteria'), cell: (level) => levelIn(level, language).criteria },
              ...(set ? [{ id: 'again', title: t('levels.again'), cell: (level: LevelInFull) => <Put whole={data} level={level} /> }] : []),
            ]}
          />
        </Section>
      )}
    </div>
  )
}

/** A few names stand open; more of them behind how many they are. */
function Listed({ names, none }: { names: readonly string[]; none: string }) {
  const t = useWords('watch')
  if (names.length === 0) return <span className="soft">{none}</span>
  const list = (
    <ul className="level-names">
      {names.map((name) => (
        <li key={name}>{name}</li>
      ))}
    </ul>
  )
  if (names.length <= 3) return list
  return (
    <details>
      <summary>{t('levels.count', { count: names.length })}</summary>
      {list}
    </details>
  )
}
