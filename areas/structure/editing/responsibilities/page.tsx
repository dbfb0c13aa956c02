import { useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Select, TextField } from '#core/web/fields.tsx'
import { Form } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { useAddress, useGo } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { Table, type TableColumn } from '#core/web/table.tsx'
import { Tabs } from '#core/web/tabs.tsx'
import { useView } from '#core/web/view.ts'
import { useWords } from '#core/web/words.ts'
import { Phase } from '../../contract.ts'
import { type Network, network, Part, parts } from '../../network/contract.ts'
import { editing, endResponsibility, putResponsibility } from '../contract.ts'
import { Ending, Because } from '../parts/deeds.tsx'
import { Lists } from '../parts/lists.tsx'
import { holds, letters, type Names, namesOf } from '../rules.ts'

const watches = ['structure.responsibilities', 'structure.agencies']
type Row = Network['responsibilities'][number]
interface Activity {
  activity: string
  rows: readonly Row[]
}

/** Who answers for what, a phase at a time: an activity a row, an agency a column, its part a letter. An activity opened says it in words. */
export function Page() {
  const t = useWords('structure')
  const { data, error, refetch } = useQueryOf(network, {}, { watches })
  const { data: may } = useQueryOf(editing, {}, { watches })
  const { phase } = useAddress<{ phase: string }>()
  const go = useGo()
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  const names = namesOf(data.network)
  const edit = may?.edit ?? false
  return (
    <div className="page">
      <PageHead title={t('responsibilities.title')} lead={t('responsibilities.lead')} actions={<Lists />} />
      <p className="soft">{t('responsibilities.letters')}</p>
      <Tabs
        label={t('responsibilities.phases')}
        selected={phase ?? 'response'}
        onSelect={(id) => go(undefined, { phase: id, activity: null }, true)}
        tabs={Phase.options.map((id) => ({
          id,
          title: t(`phase.${id}`),
          content: () => <Matrix phase={id} network={data.network} names={names} edit={edit} />,
        }))}
      />
    </div>
  )
}

function Matrix({ phase, network: whole, names, edit }: { phase: Row['phase']; network: Network; names: Names; edit: boolean }) {
  const t = useWords('structure')
  const { activity: open } = useAddress<{ activity: string }>()
  const go = useGo()
  const pocket = useView() === 'pocket'
  const [find, look] = useState('')
  const rows = whole.responsibilities.filter((row) => row.phase === phase)
  const activities: Activity[] = [...Map.groupBy(rows, ({ activity }) => activity)].map(([activity, own]) => ({ activity, rows: own }))
  const shown = activities.filter(({ activity, rows: own }) => holds(find, activity, ...own.map(({ agencyId }) => names.agency(agencyId))))
  // Whoever has most to do stands first: a matrix is wider than a screen.
  const load = Map.groupBy(
    shown.flatMap(({ rows: own }) => own),
    ({ agencyId }) => agencyId,
  )
  const agencies = [...load.keys()].sort(
    (one, other) => load.get(other)!.length - load.get(one)!.length || names.agency(one).localeCompare(names.agency(other)),
  )
  const opened = activities.find(({ activity }) => activity === open)
  const answers: TableColumn<Activity> = {
    id: 'answers',
    title: t('responsibilities.answers'),
    cell: (it) => <Answers it={it} names={names} />,
    text: ({ rows: own }) =>
      accountable(own)
        .map(({ agencyId }) => names.agency(agencyId))
        .join(', ') || t('responsibilities.nobody'),
  }
  const matrix = agencies.map(
    (agencyId): TableColumn<Activity> => ({
      id: agencyId,
      title: names.agency(agencyId),
      cell: ({ rows: own }) => lettersOf(own, agencyId),
      text: ({ rows: own }) => lettersOf(own, agencyId),
    }),
  )
  const inWords = parts.map(
    (part): TableColumn<Activity> => ({
      id: part,
      title: t(`answering.${part}`),
      cell: ({ rows: own }) => agenciesOf(own, part, names) || t('none'),
    }),
  )
  return (
    <div className="stack">
      {opened ? <Opened key={`${phase} ${opened.activity}`} it={opened} phase={phase} names={names} network={whole} edit={edit} /> : null}
      <div className="row">
        <TextField label={t('responsibilities.find')} type="search" value={find} onChange={look} />
        {edit ? <Put phase={phase} network={whole} names={names} title={t('responsibilities.add')} /> : null}
      </div>
      <Table
        label={`${t('responsibilities.title')}, ${t(`phase.${phase}`)}`}
        rows={shown}
        rowId={({ activity }) => activity}
        onOpen={({ activity }) => go(undefined, { activity })}
        alarmed={({ rows: own }) => !isClear(own)}
        columns={[
          {
            id: 'activity',
            title: t('responsibilities.activity'),
            cell: ({ activity }) => activity,
            sort: ({ activity }) => activity,
            names: true,
          },
          answers,
          ...(pocket ? inWords : matrix),
        ]}
        empty={
          <EmptyState title={t('responsibilities.empty')}>
            <p>{t('responsibilities.emptyMore')}</p>
          </EmptyState>
        }
      />
    </div>
  )
}

const accountable = (rows: readonly Row[]) => rows.filter(({ part }) => part === 'accountable')
/** One answers for it; or several, and the law says so of each (R-1.2.1). */
const isClear = (rows: readonly Row[]) => {
  const answering = accountable(rows)
  return answering.length === 1 || (answering.length > 1 && answering.every(({ jointBasis }) => jointBasis !== null))
}
const lettersOf = (rows: readonly Row[], agencyId: string) =>
  parts
    .filter((part) => rows.some((row) => row.agencyId === agencyId && row.part === part))
    .map((part) => letters[part])
    .join(' ')
const agenciesOf = (rows: readonly Row[], part: Row['part'], names: Names) =>
  rows
    .filter((row) => row.part === part)
    .map(({ agencyId }) => names.agency(agencyId))
    .join(', ')

function Answers({ it, names }: { it: Activity; names: Names }) {
  const t = useWords('structure')
  const answering = accountable(it.rows)
  if (isClear(it.rows)) return <>{agenciesOf(it.rows, 'accountable', names)}</>
  return (
    <StateWord tone="alarm">
      {answering.length === 0
        ? t('responsibilities.nobody')
        : t('responsibilities.several', { agencies: agenciesOf(it.rows, 'accountable', names) })}
    </StateWord>
  )
}

function Opened({
  it,
  phase,
  names,
  network: whole,
  edit,
}: {
  it: Activity
  phase: Row['phase']
  names: Names
  network: Network
  edit: boolean
}) {
  const t = useWords('structure')
  const go = useGo()
  const ending = useCommandOf(endResponsibility, { changes: watches })
  return (
    <Section
      title={it.activity}
      aside={
        <span className="row">
          {edit ? <Put phase={phase} network={whole} names={names} title={t('responsibilities.addHere')} activity={it.activity} /> : null}
          <Button onPress={() => go(undefined, { activity: null })}>{t('editing.close')}</Button>
        </span>
      }
    >
      <Table
        label={it.activity}
        rows={it.rows}
        rowId={({ id }) => id}
        columns={[
          {
            id: 'agency',
            title: t('groups.agency'),
            names: true,
            cell: ({ agencyId }) => names.agency(agencyId),
            sort: ({ agencyId }) => names.agency(agencyId),
          },
          {
            id: 'part',
            title: t('responsibilities.part'),
            cell: ({ part }) => t(`answering.${part}`),
            sort: ({ part }) => parts.indexOf(part),
          },
          { id: 'basis', title: t('responsibilities.joint'), cell: ({ jointBasis }) => jointBasis ?? t('none') },
          ...(edit
            ? [
                {
                  id: 'end',
                  title: t('editing.deeds'),
                  cell: ({ id }: Row) => (
                    <Ending
                      words={t('editing.end')}
                      title={t('responsibilities.end')}
                      more={t('editing.endMore')}
                      problem={ending.problem}
                      sending={ending.state === 'sending'}
                      onEnd={(reason) => void ending.run({ responsibilityId: id, reason })}
                    />
                  ),
                },
              ]
            : []),
        ]}
      />
    </Section>
  )
}

function Put({
  phase,
  network: whole,
  names,
  title,
  activity,
}: {
  phase: Row['phase']
  network: Network
  names: Names
  title: string
  activity?: string
}) {
  const t = useWords('structure')
  const put = useCommandOf(putResponsibility, { changes: watches })
  const agencies = whole.agencies
    .map(({ id }) => ({ id, words: names.agency(id) }))
    .sort((one, other) => one.words.localeCompare(other.words))
  return (
    <DialogButton words={title} title={title} {...(activity === undefined ? { kind: 'primary' as const } : {})}>
      {(close) => (
        <Form
          label={title}
          problem={put.problem}
          onSubmit={(values) =>
            void put
              .run({
                activity: values['activity'] ?? activity ?? '',
                phase,
                agencyId: values['agencyId'] ?? '',
                part: Part.parse(values['part']),
                jointBasis: values['jointBasis'] ?? null,
                reason: values['reason'] ?? '',
              })
              .then((outcome) => outcome.state === 'done' && close())
          }
        >
          {activity === undefined ? (
            <TextField name="activity" label={t('responsibilities.activity')} help={t('responsibilities.activityHelp')} required />
          ) : null}
          <Select name="agencyId" label={t('groups.agency')} choices={agencies} required />
          <Select
            name="part"
            label={t('responsibilities.part')}
            choices={parts.map((part) => ({ id: part, words: t(`answering.${part}`) }))}
            required
          />
          <TextField name="jointBasis" label={t('responsibilities.joint')} help={t('responsibilities.jointHelp')} />
          <Because title={title} sending={put.state === 'sending'} />
        </Form>
      )}
    </DialogButton>
  )
}
