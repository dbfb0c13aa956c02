import { Confirm } from '#core/access/sign-in/parts/confirm.tsx'
import { Moment } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet, Problem } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { confirmRetention, holds, retention, setRetention, tryRetention, type Policy } from './contract.ts'

/** `response.decision_grounds` as people read it. */
const kindOf = (table: string) => table.replace('.', ' · ').replaceAll('_', ' ')

const byReason = (kept: readonly { table: string; because: string }[]) =>
  [...new Set(kept.map(({ because }) => because))].map((because) => ({
    because,
    what: kept.flatMap((one) => (one.because === because ? [kindOf(one.table)] : [])).join(', '),
  }))

const changed = { changes: ['record.retention_policies'] }

/** For those who answer for what is kept: how long, on what basis, what would go; and what holds it. */
export function Page() {
  const t = useWords('record')
  const { data, error, refetch } = useQueryOf(retention, {}, { watches: ['record.retention_policies', 'record.retention_runs'] })
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  return (
    <div className="page">
      <PageHead title={t('retention.title')} lead={t('retention.lead')} />
      {data.strong || !data.can.set ? null : (
        <>
          <p className="prose">{t('retention.confirmFirst')}</p>
          <Confirm onDone={() => void refetch()} />
        </>
      )}
      <Section title={t('retention.policies')}>
        <Table
          label={t('retention.policies')}
          rows={data.policies}
          rowId={({ table }) => table}
          columns={[
            { id: 'what', title: t('retention.what'), names: true, text: ({ table }) => kindOf(table), cell: ({ table }) => kindOf(table) },
            {
              id: 'keep',
              title: t('retention.keep'),
              figures: true,
              sort: ({ keepDays }) => keepDays,
              text: ({ keepDays }) => String(keepDays),
              cell: ({ keepDays }) => t('retention.days', { count: keepDays }),
            },
            {
              id: 'state',
              title: t('retention.state'),
              text: ({ confirmedAt }) => confirmedAt ?? '',
              cell: ({ confirmedAt }) =>
                confirmedAt === null ? (
                  <StateWord tone="waiting">{t('retention.notConfirmed')}</StateWord>
                ) : (
                  <span className="row">
                    <StateWord tone="done">{t('retention.confirmed')}</StateWord> <Moment at={confirmedAt} />
                  </span>
                ),
            },
            {
              id: 'last',
              title: t('retention.last'),
              text: ({ lastRun }) => lastRun?.at ?? '',
              cell: ({ lastRun }) => (lastRun === null ? <span className="soft">{t('retention.never')}</span> : <Moment at={lastRun.at} />),
            },
            {
              id: 'do',
              title: t('retention.do'),
              text: () => '',
              cell: (policy) => <Look policy={policy} set={data.can.set} strong={data.strong} />,
            },
          ]}
          empty={
            <EmptyState title={t('retention.none')}>
              <p>{t('retention.noneMore')}</p>
            </EmptyState>
          }
        />
      </Section>
      <Kept kept={data.kept} />
      <Held />
    </div>
  )
}

/** What has no period, gathered by its reason: a table that nobody thought of cannot be here, and cannot be anywhere else. */
function Kept({ kept }: { kept: readonly { table: string; because: string }[] }) {
  const t = useWords('record')
  return (
    <Section title={t('retention.kept')}>
      <p className="prose soft">{t('retention.keptMore')}</p>
      <Table
        label={t('retention.kept')}
        rows={byReason(kept)}
        rowId={({ because }) => because}
        columns={[
          { id: 'because', title: t('retention.because'), cell: ({ because }) => because, text: ({ because }) => because },
          { id: 'what', title: t('retention.what'), cell: ({ what }) => what, text: ({ what }) => what },
        ]}
      />
    </Section>
  )
}

/** What would go today, and, for who may, another period and the word that it goes. */
function Look({ policy, set, strong }: { policy: Policy; set: boolean; strong: boolean }) {
  const t = useWords('record')
  const look = useCommandOf(tryRetention)
  const change = useCommandOf(setRetention, changed)
  const confirm = useCommandOf(confirmRetention, changed)
  const { table } = policy
  return (
    <DialogButton words={t('retention.look')} title={kindOf(table)}>
      {(close) => (
        <div className="stack">
          <p className="prose">{t(policy.of === null ? 'retention.from' : 'retention.fromOf', { since: policy.since, of: policy.of })}</p>
          <p className="prose">{policy.basis}</p>
          <p className="prose">{t('retention.lookMore')}</p>
          <Button busy={look.state === 'sending'} onPress={() => void look.run({ table })}>
            {t('retention.try')}
          </Button>
          {look.output ? <p role="status">{t('retention.wouldGo', { count: look.output.rows })}</p> : null}
          {look.problem ? <Problem problem={look.problem} /> : null}
          {set && strong ? (
            <>
              <Form
                label={t('retention.change')}
                problem={change.problem}
                onSubmit={({ keepDays = '', basis = '' }) =>
                  void change.run({ table, keepDays: Number(keepDays), basis }).then(({ state }) => state === 'done' && close())
                }
              >
                <TextField
                  name="keepDays"
                  type="number"
                  inputMode="numeric"
                  label={t('retention.keepDays')}
                  defaultValue={String(policy.keepDays)}
                  required
                />
                <TextField name="basis" label={t('retention.basis')} defaultValue={policy.basis} required maxLength={500} />
                <FormButtons>
                  <Button type="submit" busy={change.state === 'sending'}>
                    {t('retention.change')}
                  </Button>
                </FormButtons>
              </Form>
              {policy.confirmedAt === null ? (
                <>
                  <p className="prose">{t('retention.confirmMore')}</p>
                  <Button
                    kind="alarm"
                    isDisabled={!look.output}
                    busy={confirm.state === 'sending'}
                    onPress={() => void confirm.run({ table }).then(({ state }) => state === 'done' && close())}
                  >
                    {t('retention.confirm')}
                  </Button>
                  {confirm.problem ? <Problem problem={confirm.problem} /> : null}
                </>
              ) : null}
            </>
          ) : null}
        </div>
      )}
    </DialogButton>
  )
}

function Held() {
  const t = useWords('record')
  const { data } = useQueryOf(holds, {}, { watches: ['record.holds'] })
  return (
    <Section title={t('holds.title')}>
      <Table
        label={t('holds.title')}
        rows={data?.holds ?? []}
        rowId={({ id }) => id}
        columns={[
          {
            id: 'on',
            title: t('holds.on'),
            text: ({ thread, table, row }) => thread ?? `${table} ${row}`,
            cell: ({ thread, table, row }) => <code>{thread ?? `${kindOf(table ?? '')} ${row}`}</code>,
          },
          { id: 'why', title: t('holds.reason'), cell: ({ reason }) => reason, text: ({ reason }) => reason },
          { id: 'authority', title: t('holds.authority'), cell: ({ authority }) => authority, text: ({ authority }) => authority },
          { id: 'since', title: t('holds.since'), cell: ({ placedAt }) => <Moment at={placedAt} />, text: ({ placedAt }) => placedAt },
          {
            id: 'until',
            title: t('holds.until'),
            text: ({ releasedAt }) => releasedAt ?? '',
            cell: ({ releasedAt }) =>
              releasedAt === null ? <StateWord tone="waiting">{t('holds.inForce')}</StateWord> : <Moment at={releasedAt} />,
          },
        ]}
        empty={
          <EmptyState title={t('holds.none')}>
            <p>{t('holds.noneMore')}</p>
          </EmptyState>
        }
      />
    </Section>
  )
}
