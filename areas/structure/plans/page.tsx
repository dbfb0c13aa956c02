import { useState } from 'react'
import { Moment } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Choices, Select, TextArea, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Link } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { answerReconciliation, outcomes, type Plan, plans, putPlan, type Reconciliation } from './contract.ts'

const watches = ['structure.plans', 'structure.plan_references', 'structure.plan_reviews', 'structure.reconciliations']

/** Plans that lean on each other: what your agency is asked to read first, then the list. */
export function Page() {
  const t = useWords('structure')
  const { data, error, refetch } = useQueryOf(plans, {}, { watches })
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  const waiting = data.reconciliations.filter(({ can }) => can.answer)
  const rest = data.reconciliations.filter(({ can }) => !can.answer)
  return (
    <div className="page">
      <PageHead
        title={t('plans.title')}
        lead={t('plans.lead')}
        actions={
          <span className="row">
            {data.can.put ? <Put plans={data.plans} /> : null}
            <Link to="/structure">{t('directory')}</Link>
          </span>
        }
      />
      {data.halfYearly ? (
        <p className="prose">
          <StateWord tone={data.halfYearly.overdue ? 'alarm' : data.halfYearly.closedAt ? 'done' : 'waiting'}>
            {t(
              data.halfYearly.closedAt ? 'plans.halfYearlyDone' : data.halfYearly.overdue ? 'plans.halfYearlyOverdue' : 'plans.halfYearly',
            )}
          </StateWord>{' '}
          <Moment at={data.halfYearly.closedAt ?? data.halfYearly.dueAt} />
        </p>
      ) : (
        <p className="prose soft">{t('plans.neverRead')}</p>
      )}
      {waiting.length > 0 ? (
        <Section title={t('plans.toRead')}>
          {waiting.map((one) => (
            <ToRead key={one.id} one={one} />
          ))}
        </Section>
      ) : null}
      <Section title={t('plans.list')}>
        <Table
          label={t('plans.list')}
          rows={data.plans}
          rowId={({ id }) => id}
          columns={[
            { id: 'title', title: t('plans.name'), names: true, cell: ({ title }) => title, sort: ({ title }) => title },
            { id: 'agency', title: t('plans.agency'), cell: ({ agencyName }) => agencyName, sort: ({ agencyName }) => agencyName },
            { id: 'version', title: t('plans.version'), cell: ({ version }) => version },
            {
              id: 'changed',
              title: t('plans.changed'),
              cell: ({ changedAt }) => <Moment at={changedAt} />,
              sort: ({ changedAt }) => changedAt,
            },
            {
              id: 'leans',
              title: t('plans.leansOn'),
              cell: ({ refersTo }) => refersTo.map(({ title, agencyName }) => `${title} (${agencyName})`).join('; '),
            },
            { id: 'deed', title: t('plans.deed'), cell: (plan) => (plan.can.change ? <Put plan={plan} plans={data.plans} /> : null) },
          ]}
          empty={
            <EmptyState title={t('plans.none')}>
              <p>{t('plans.noneMore')}</p>
            </EmptyState>
          }
        />
      </Section>
      {rest.length > 0 ? (
        <Section title={t('plans.asked')}>
          <Table
            label={t('plans.asked')}
            rows={rest}
            rowId={({ id }) => id}
            alarmed={({ overdue, outcome }) => overdue || outcome === 'conflict'}
            columns={[
              {
                id: 'reader',
                title: t('plans.reader'),
                names: true,
                cell: ({ agencyName }) => agencyName,
                sort: ({ agencyName }) => agencyName,
              },
              {
                id: 'plan',
                title: t('plans.name'),
                cell: ({ planTitle, planAgencyName, version }) => `${planTitle} (${planAgencyName}), ${version}`,
              },
              { id: 'due', title: t('plans.due'), cell: ({ dueAt }) => <Moment at={dueAt} />, sort: ({ dueAt }) => dueAt },
              {
                id: 'outcome',
                title: t('plans.outcome'),
                cell: ({ outcome, words, overdue }) => (
                  <>
                    <StateWord tone={outcome === null ? (overdue ? 'alarm' : 'waiting') : outcome === 'conflict' ? 'alarm' : 'done'}>
                      {t(outcome === null ? 'plans.notRead' : `plans.outcomes.${outcome}`)}
                    </StateWord>{' '}
                    {words}
                  </>
                ),
              },
            ]}
          />
        </Section>
      ) : null}
    </div>
  )
}

function ToRead({ one }: { one: Reconciliation }) {
  const t = useWords('structure')
  const answer = useCommandOf(answerReconciliation, { changes: watches })
  const called = t('plans.readThis', { plan: one.planTitle, agency: one.planAgencyName, version: one.version })
  return (
    <article className="stack" aria-label={called}>
      <h3>{called}</h3>
      <p className="prose">
        {one.overdue ? <StateWord tone="alarm">{t('plans.overdue')}</StateWord> : null} {one.whatChanged} <Moment at={one.dueAt} />
      </p>
      <Form
        label={called}
        problem={answer.problem}
        onSubmit={({ outcome = '', words = '' }) =>
          void answer.run({ reconciliationId: one.id, outcome: outcome as (typeof outcomes)[number], words })
        }
      >
        <Choices
          name="outcome"
          label={t('plans.outcome')}
          required
          choices={outcomes.map((id) => ({ id, words: t(`plans.outcomes.${id}`) }))}
        />
        <TextArea name="words" rows={2} label={t('plans.words')} />
        <FormButtons>
          <Button type="submit" busy={answer.state === 'sending'}>
            {t('plans.answerNow')}
          </Button>
        </FormButtons>
      </Form>
    </article>
  )
}

function Put({ plan, plans: all }: { plan?: Plan; plans: readonly Plan[] }) {
  const t = useWords('structure')
  const put = useCommandOf(putPlan, { changes: watches })
  const [leans, setLeans] = useState<readonly string[]>(plan?.refersTo.map(({ id }) => id) ?? [])
  const others = all.filter(({ id }) => id !== plan?.id)
  const words = t(plan ? 'plans.newVersion' : 'plans.put')
  return (
    <DialogButton words={words} title={words} kind="plain">
      {(close) => (
        <Form
          label={words}
          problem={put.problem}
          onSubmit={({ code = '', title = '', version = '', whatChanged = '' }) =>
            void put
              .run({ ...(plan ? { planId: plan.id } : {}), code: plan?.code ?? code, title, version, whatChanged, refersTo: [...leans] })
              .then(({ state }) => state === 'done' && close())
          }
        >
          <p className="prose">{t('plans.putMore')}</p>
          {plan ? null : <TextField name="code" label={t('plans.code')} required maxLength={80} />}
          <TextField name="title" label={t('plans.name')} defaultValue={plan?.title ?? ''} required maxLength={200} />
          <TextField name="version" label={t('plans.version')} required maxLength={80} />
          <TextArea name="whatChanged" rows={2} label={t('plans.whatChanged')} />
          <Select
            key={leans.length}
            label={t('plans.leansOn')}
            choices={others
              .filter(({ id }) => !leans.includes(id))
              .map(({ id, title, agencyName }) => ({ id, words: `${title} (${agencyName})` }))}
            onChange={(id) => setLeans([...leans, id])}
          />
          <ul className="plain-list">
            {leans.map((id) => {
              const name = others.find((one) => one.id === id)?.title ?? ''
              return (
                <li key={id} className="row">
                  {name}
                  <Button aria-label={t('plans.leansNoMore', { name })} onPress={() => setLeans(leans.filter((one) => one !== id))}>
                    {t('plans.remove')}
                  </Button>
                </li>
              )
            })}
          </ul>
          <FormButtons>
            <Button type="submit" kind="primary" busy={put.state === 'sending'}>
              {t('plans.putNow')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}
