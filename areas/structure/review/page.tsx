import { useState } from 'react'
import { Moment } from '#core/web/age.tsx'
import { LabelBadge } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Select, TextArea, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Link, useGo } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet } from '#core/web/problem.tsx'
import { StateWord, type StateTone } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { proposeReview, type ReviewLine, reviews, triggers } from './contract.ts'

export const tones: Record<ReviewLine['state'], StateTone> = { draft: 'none', offered: 'waiting', adopted: 'done', withdrawn: 'none' }
const watches = ['structure.reviews', 'structure.review_verdicts', 'structure.groups']

/** Reviews of the network: first what waits for your agency, then what runs, then what is due and what was. */
export function Page() {
  const t = useWords('structure')
  const { data, error, refetch } = useQueryOf(reviews, {}, { watches })
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  const waiting = data.reviews.filter(({ toSign }) => toSign)
  const rest = data.reviews.filter(({ toSign }) => !toSign)
  return (
    <div className="page">
      <PageHead
        title={t('review.title')}
        lead={t('review.lead')}
        actions={
          <span className="row">
            {data.can.propose ? <Propose /> : null}
            <Link to="/structure">{t('directory')}</Link>
          </span>
        }
      />
      {waiting.length > 0 ? (
        <Section title={t('review.toSign')}>
          <Lines label={t('review.toSign')} lines={waiting} />
        </Section>
      ) : null}
      <Section title={t('review.all')}>
        <Lines label={t('review.all')} lines={rest} />
      </Section>
      {data.due.length > 0 ? (
        <Section title={t('review.due')}>
          <Table
            label={t('review.due')}
            rows={data.due}
            rowId={({ groupId }) => groupId}
            alarmed={({ reviewAt }) => reviewAt !== null}
            columns={[
              { id: 'name', title: t('groups.name'), names: true, cell: ({ name }) => name, sort: ({ name }) => name },
              {
                id: 'since',
                title: t('review.dueSince'),
                cell: ({ reviewAt }) => (reviewAt ? <Moment at={reviewAt} /> : t('review.neverAgreed')),
                sort: ({ reviewAt }) => reviewAt ?? '',
              },
            ]}
          />
        </Section>
      ) : null}
    </div>
  )
}

function Lines({ label, lines }: { label: string; lines: readonly ReviewLine[] }) {
  const t = useWords('structure')
  return (
    <Table
      label={label}
      rows={lines}
      rowId={({ id }) => id}
      alarmed={({ overdue }) => overdue}
      columns={[
        {
          id: 'title',
          title: t('review.name'),
          names: true,
          cell: ({ id, title }) => <Link to={`/structure/reviews/${id}`}>{title}</Link>,
          text: ({ title }) => title,
          sort: ({ title }) => title,
        },
        {
          id: 'state',
          title: t('review.state'),
          cell: ({ state, overdue }) => (
            <span className="row">
              <StateWord tone={tones[state]}>{t(`review.is.${state}`)}</StateWord>
              {overdue ? <StateWord tone="alarm">{t('review.overdue')}</StateWord> : null}
            </span>
          ),
          text: ({ state }) => t(`review.is.${state}`),
        },
        { id: 'agency', title: t('review.by'), cell: ({ agencyName }) => agencyName, sort: ({ agencyName }) => agencyName },
        {
          id: 'signBy',
          title: t('review.signBy'),
          cell: ({ signBy }) => (signBy ? <Moment at={signBy} /> : t('review.notOffered')),
          sort: ({ signBy }) => signBy ?? '',
        },
        {
          id: 'effective',
          title: t('review.effective'),
          cell: ({ adoptedAt, effectiveAt }) =>
            (adoptedAt ?? effectiveAt) ? <Moment at={(adoptedAt ?? effectiveAt)!} /> : t('review.notOffered'),
          sort: ({ adoptedAt, effectiveAt }) => adoptedAt ?? effectiveAt ?? '',
        },
        { id: 'label', title: t('review.label'), cell: ({ label: number, marking }) => <LabelBadge label={number} marking={marking} /> },
      ]}
      empty={
        <EmptyState title={t('review.none')}>
          <p>{t('review.noneMore')}</p>
        </EmptyState>
      }
    />
  )
}

function Propose() {
  const t = useWords('structure')
  const go = useGo()
  const propose = useCommandOf(proposeReview, { changes: watches })
  const [trigger, choose] = useState<(typeof triggers)[number]>('scheduled')
  return (
    <DialogButton words={t('review.propose')} title={t('review.propose')} kind="primary">
      {() => (
        <Form
          label={t('review.propose')}
          problem={propose.problem}
          onSubmit={({ title = '', reason = '' }) =>
            void propose
              .run({ title, reason, trigger })
              .then((outcome) => outcome.state === 'done' && go(`/structure/reviews/${outcome.output.reviewId}`))
          }
        >
          <p className="prose">{t('review.proposeMore')}</p>
          <TextField name="title" label={t('review.name')} required maxLength={200} />
          <Select
            label={t('review.trigger')}
            value={trigger}
            onChange={(id) => choose(id as typeof trigger)}
            choices={triggers.map((id) => ({ id, words: t(`review.triggers.${id}`) }))}
          />
          <TextArea name="reason" label={t('review.reason')} required />
          <FormButtons>
            <Button type="submit" kind="primary" busy={propose.state === 'sending'}>
              {t('review.begin')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}
