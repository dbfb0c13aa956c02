import { Moment } from '#core/web/age.tsx'
import { Marking } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { Select } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { Link, useAddress } from '#core/web/navigation.tsx'
import { Facts, Section } from '#core/web/page.tsx'
import { EmptyState } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { worldNow } from '#core/web/time.ts'
import { useWords } from '#core/web/words.ts'
import { type Efficiency, observed, type Observed } from '../contract.ts'

const days = { day: 1, week: 7, month: 30 } as const
const periods = ['day', 'week', 'month', 'all'] as const
type Period = (typeof periods)[number]

/** Who actually told whom, over who should; of an incident when the address names one (`?incident=`), else of a period. */
export function ObservedPart() {
  const t = useWords('structure')
  const { incident } = useAddress<{ incident: string }>()
  const look = useCommandOf(observed)
  const since = (period: Period) =>
    period === 'all' ? {} : { from: new Date(worldNow().getTime() - days[period] * 86_400_000).toISOString() }
  return (
    <Section title={t('observed.title')} {...(look.output ? { aside: <Marking text={look.output.marking} /> } : {})}>
      <p className="prose soft">{t('observed.lead')}</p>
      <Form
        label={t('observed.title')}
        problem={look.problem}
        onSubmit={({ period }) => void look.run(incident ? { incidentId: incident } : since((period ?? 'week') as Period))}
      >
        {incident ? (
          <p className="prose">{t('observed.ofIncident')}</p>
        ) : (
          <Select
            name="period"
            label={t('observed.period')}
            defaultValue="week"
            choices={periods.map((id) => ({ id, words: t(`observed.periods.${id}`) }))}
          />
        )}
        <FormButtons>
          <Button type="submit" busy={look.state === 'sending'}>
            {t('observed.look')}
          </Button>
        </FormButtons>
      </Form>
      {look.output ? <Seen it={look.output} /> : null}
    </Section>
  )
}

function Seen({ it }: { it: Observed }) {
  const t = useWords('structure')
  return (
    <div className="stack">
      <p className="prose" role="status">
        {t('observed.basis')} <Moment at={it.at} />{' '}
        <Link to={it.incidentId === null ? '/structure/network' : `/structure/network?incident=${it.incidentId}`}>
          {t('observed.inPicture')}
        </Link>
      </p>
      {it.efficiency ? <Soon efficiency={it.efficiency} goal={it.goal} /> : null}
      <Table
        label={t('observed.pairs')}
        rows={it.pairs}
        most={50}
        rowId={({ fromId, toId }) => `${fromId} ${toId}`}
        columns={[
          { id: 'from', title: t('observed.from'), names: true, cell: ({ from }) => from, sort: ({ from }) => from },
          { id: 'to', title: t('observed.to'), cell: ({ to }) => to, sort: ({ to }) => to },
          { id: 'count', title: t('observed.count'), figures: true, cell: ({ count }) => count, sort: ({ count }) => count },
          {
            id: 'known',
            title: t('observed.known'),
            figures: true,
            cell: ({ acknowledged }) => acknowledged,
            sort: ({ acknowledged }) => acknowledged,
          },
          { id: 'last', title: t('observed.last'), cell: ({ lastAt }) => <Moment at={lastAt} />, sort: ({ lastAt }) => lastAt },
          {
            id: 'state',
            title: t('observed.state'),
            cell: ({ state }) => <StateWord tone={state === 'used' ? 'done' : 'waiting'}>{t(`observed.states.${state}`)}</StateWord>,
            text: ({ state }) => t(`observed.states.${state}`),
            sort: ({ state }) => state,
          },
        ]}
        empty={
          <EmptyState title={t('observed.nothing')}>
            <p>{t('observed.nothingMore')}</p>
          </EmptyState>
        }
      />
      {it.notUsed.length > 0 ? (
        <>
          <h3>{t('observed.notUsed')}</h3>
          <ul>
            {it.notUsed.map(({ fromId, toId, from, to, kind }) => (
              <li key={`${fromId} ${toId} ${kind}`}>{t('observed.notUsedLine', { from, to, kind: t(`observed.kinds.${kind}`) })}</li>
            ))}
          </ul>
        </>
      ) : null}
    </div>
  )
}

/** How soon it was known, decided and acted on, beside the goal; what the topology does not explain, in words. */
function Soon({ efficiency, goal }: { efficiency: Efficiency; goal: Observed['goal'] }) {
  const t = useWords('structure')
  const line = (key: 'shared' | 'decided' | 'acted', minutes: number | null, within: number | undefined) => ({
    name: t(`observed.soon.${key}`),
    value: (
      <>
        {minutes === null ? t('observed.notYet') : t('observed.minutes', { minutes })}{' '}
        {within === undefined ? null : (
          <StateWord tone={minutes === null ? 'waiting' : minutes <= within ? 'done' : 'alarm'}>
            {t(minutes === null ? 'observed.unknown' : minutes <= within ? 'observed.within' : 'observed.later', { within })}
          </StateWord>
        )}
      </>
    ),
  })
  const odd = efficiency.agencies.filter(({ unexplained }) => unexplained !== null)
  return (
    <>
      <Facts
        facts={[
          ...(efficiency.beganAt === null
            ? []
            : [{ name: t(`observed.since.${efficiency.since}`), value: <Moment at={efficiency.beganAt} /> }]),
          line('shared', efficiency.sharedMinutes, goal?.sharedMinutes),
          line('decided', efficiency.decidedMinutes, goal?.decidedMinutes),
          line('acted', efficiency.actedMinutes, goal?.actedMinutes),
          { name: t('observed.knew'), value: t('observed.knewOf', { knew: efficiency.knew, all: efficiency.coreAgencies }) },
        ]}
      />
      {efficiency.agencies.length > 0 ? (
        <Table
          label={t('observed.beside')}
          rows={efficiency.agencies}
          rowId={({ id }) => id}
          columns={[
            { id: 'agency', title: t('observed.agency'), names: true, cell: ({ name }) => name, sort: ({ name }) => name },
            { id: 'steps', title: t('analysis.node.steps'), figures: true, cell: ({ steps }) => steps ?? t('analysis.noWay') },
            {
              id: 'minutes',
              title: t('observed.after'),
              figures: true,
              cell: ({ minutes }) => minutes ?? t('observed.notYet'),
              sort: ({ minutes }) => minutes ?? Number.MAX_SAFE_INTEGER,
            },
          ]}
        />
      ) : null}
      {odd.map(({ id, name, steps, minutes, unexplained }) => (
        <p key={id} className="prose">
          {t(`observed.unexplained.${unexplained}`, { name, steps: steps ?? t('analysis.noWay'), minutes: minutes ?? 0 })}
        </p>
      ))}
    </>
  )
}
