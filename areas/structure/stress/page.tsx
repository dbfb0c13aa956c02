import { useState } from 'react'
import { Moment } from '#core/web/age.tsx'
import { LabelBadge } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { Choices, Select } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Link, useAddress, useGo } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { type Network, network } from '../network/contract.ts'
import { stress, stressRun, stressRuns, type Taken } from './contract.ts'
import { FoundShown } from './parts/found.tsx'

const watches = ['structure.stress_runs']

/** Take something away in thought, and read who could then not be told. Every run is kept; only you and whom you name can read it. */
export function Page() {
  const t = useWords('structure')
  const { run: shown } = useAddress<{ run: string }>()
  const runs = useQueryOf(stressRuns, {}, { watches })
  const net = useQueryOf(network, {}, { watches: ['structure.versions'] })
  if (!runs.data || !net.data)
    return <NotYet problem={runs.error ?? net.error} onRetry={() => void runs.refetch().then(() => net.refetch())} />
  return (
    <div className="page">
      <PageHead title={t('stress.title')} lead={t('stress.lead')} actions={<Link to="/structure">{t('directory')}</Link>} />
      <Ask whole={net.data.network} />
      {shown === undefined ? null : <Shown runId={shown} />}
      <Section title={t('stress.runs')}>
        <Table
          label={t('stress.runs')}
          rows={runs.data.runs}
          rowId={({ id }) => id}
          columns={[
            {
              id: 'at',
              title: t('stress.at'),
              names: true,
              cell: ({ id, at }) => (
                <Link to={`/structure/stress?run=${id}`}>
                  <Moment at={at} />
                </Link>
              ),
              text: ({ at }) => at,
              sort: ({ at }) => at,
            },
            {
              id: 'what',
              title: t('stress.taken'),
              cell: ({ asked }) =>
                asked.mode === 'these'
                  ? asked.taken.map((one) => calledIn(net.data.network, one)).join(', ')
                  : t(`stress.mode.${asked.mode}`),
            },
            { id: 'by', title: t('stress.by'), cell: ({ by }) => by },
            { id: 'label', title: t('review.label'), cell: ({ label, marking }) => <LabelBadge label={label} marking={marking} /> },
          ]}
          empty={
            <EmptyState title={t('stress.none')}>
              <p>{t('stress.noneMore')}</p>
            </EmptyState>
          }
        />
      </Section>
    </div>
  )
}

function Shown({ runId }: { runId: string }) {
  const t = useWords('structure')
  const { data, error, refetch } = useQueryOf(stressRun, { runId }, {})
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  return (
    <Section title={t('stress.found')} aside={<LabelBadge label={data.label} marking={data.marking} />}>
      <FoundShown run={data} />
    </Section>
  )
}

const calledIn = (whole: Network, { kind, id }: Taken): string =>
  kind === 'dependence'
    ? id
    : ([...whole.agencies, ...whole.media, ...whole.places].find((one) => one.id === id)?.name ??
      whole.posts.find((one) => one.id === id)?.title ??
      id)

const modes = ['these', 'any-one', 'any-two'] as const

function Ask({ whole }: { whole: Network }) {
  const t = useWords('structure')
  const go = useGo()
  const run = useCommandOf(stress, { changes: watches })
  const [taken, setTaken] = useState<readonly string[]>([])
  const things: { id: string; words: string; more: string }[] = [
    ...[...new Set(whole.media.flatMap(({ dependsOn }) => dependsOn))]
      .sort()
      .map((id) => ({ id: `dependence ${id}`, words: id, more: t('stress.kind.dependence') })),
    ...whole.media.map(({ id, name }) => ({ id: `medium ${id}`, words: name, more: t('stress.kind.medium') })),
    ...whole.places.map(({ id, name }) => ({ id: `place ${id}`, words: name, more: t('stress.kind.place') })),
    ...whole.agencies.map(({ id, name }) => ({ id: `agency ${id}`, words: name, more: t('stress.kind.agency') })),
    ...whole.posts.map(({ id, title }) => ({ id: `post ${id}`, words: title, more: t('stress.kind.post') })),
  ]
  const words = (id: string) => things.find((one) => one.id === id)?.words ?? id
  return (
    <Form
      label={t('stress.ask')}
      problem={run.problem}
      onSubmit={({ mode = 'these' }) =>
        void run
          .run({
            mode: mode as (typeof modes)[number],
            taken:
              mode === 'these'
                ? taken.map((one) => ({ kind: one.slice(0, one.indexOf(' ')) as Taken['kind'], id: one.slice(one.indexOf(' ') + 1) }))
                : [],
          })
          .then((outcome) => outcome.state === 'done' && go(undefined, { run: outcome.output.id }))
      }
    >
      <Choices
        name="mode"
        label={t('stress.ask')}
        defaultValue="these"
        required
        choices={modes.map((id) => ({ id, words: t(`stress.mode.${id}`) }))}
      />
      <Select
        key={taken.length}
        label={t('stress.choose')}
        choices={things.filter(({ id }) => !taken.includes(id))}
        onChange={(id) => setTaken([...taken, id].slice(0, 6))}
      />
      {taken.length > 0 ? (
        <ul className="plain-list">
          {taken.map((id) => (
            <li key={id} className="row">
              {words(id)}
              <Button aria-label={t('stress.giveBack', { name: words(id) })} onPress={() => setTaken(taken.filter((one) => one !== id))}>
                {t('plans.remove')}
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      <FormButtons>
        <Button type="submit" kind="primary" busy={run.state === 'sending'}>
          {t('stress.run')}
        </Button>
      </FormButtons>
    </Form>
  )
}
