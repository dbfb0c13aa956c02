import { useEffect, useState } from 'react'
import { acknowledge } from '#core/record/reading/contract.ts'
import { Age, Moment } from '#core/web/age.tsx'
import { LabelBadge } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Link, useParts } from '#core/web/navigation.tsx'
import { useOpened } from '#core/web/opened.ts'
import { Facts, PageHead, Section } from '#core/web/page.tsx'
import { Banner, EmptyState, NotYet, Problem } from '#core/web/problem.tsx'
import { useView } from '#core/web/view.ts'
import { useWords } from '#core/web/words.ts'
import { Log } from '../../disclosures/parts/log.tsx'
import { Challenges } from '../../recall/parts/challenges.tsx'
import { Grade } from '../../recall/parts/grade.tsx'
import { Recall, StillStands } from '../../recall/parts/recall.tsx'
import { Remark } from '../../recall/parts/remark.tsx'
import { TearLines } from '../../tear-lines/parts/lines.tsx'
import { GradedBy } from '../parts/grading.tsx'
import { item, type ItemDetail, openItem } from '../contract.ts'
import './page.css'

/** One item: what it says (a sensitive one is opened, which is recorded), what may be done about it, and for its originator who had it. */
export function Page() {
  const t = useWords('sharing')
  const { itemId = '' } = useParts()
  const { data, error, refetch } = useQueryOf(
    item,
    { itemId },
    { watches: ['sharing.items', 'record.acknowledgements', 'access.admission'], copy: 'contact', when: itemId !== '' },
  )
  // What has left this viewer's sight leaves the screen, too.
  if (error?.kind === 'not-found')
    return (
      <div className="page">
        <PageHead title={t('item.gone')} />
        <EmptyState title={t('item.goneTitle')} action={<Link to="/sharing/items">{t('item.title')}</Link>}>
          <p>{t('item.goneMore')}</p>
        </EmptyState>
      </div>
    )
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  return (
    <div className="page">
      <PageHead
        title={data.title}
        lead={
          <span className="row">
            {t(`kind.${data.kind}`)} · {data.originator} <Age at={data.sharedAt} />
          </span>
        }
        aside={<LabelBadge label={data.label} marking={data.marking} />}
        actions={
          <>
            {data.can.answer ? <Recall itemId={data.id} title={data.title} /> : null}
            {data.can.answer ? <Remark detail={data} /> : null}
            {data.can.answer ? <Grade detail={data} /> : null}
            <Link to="/sharing/items">{t('item.title')}</Link>
          </>
        }
      />
      {data.state === 'recalled' ? (
        <Banner word={t('item.was.recalled')}>{t('item.recalledHere', { because: data.changed?.because ?? '' })}</Banner>
      ) : null}
      {data.state === 'recalled' && data.own ? <StillStands itemId={data.id} /> : null}
      <Content key={`${data.id} ${data.label}`} detail={data} />
      <Acknowledge detail={data} />
      <Section title={t('item.came')}>
        <About detail={data} />
      </Section>
      <TearLines itemId={data.id} propose={data.can.propose && data.sensitive} />
      <Challenges detail={data} />
      {data.can.log ? <Log itemId={data.id} /> : null}
    </div>
  )
}

function Content({ detail }: { detail: ItemDetail }) {
  const t = useWords('sharing')
  const view = useView()
  const open = useCommandOf(openItem, { changes: ['record.openings'] })
  const [said, say] = useState<{ text: string; openedAt: string } | null>(null)
  useOpened('sharing.items', detail.sensitive ? undefined : detail.id)
  // What was opened stays for as long as one looks at it, and no copy of it is kept.
  useEffect(() => () => say(null), [])
  if (detail.text !== null)
    return (
      <Section title={t('item.what')}>
        <p className="prose item-text">{detail.text}</p>
      </Section>
    )
  const look = async () => {
    const outcome = await open.run({ itemId: detail.id })
    if (outcome.state === 'done') say(outcome.output)
  }
  return (
    <Section title={t('item.what')}>
      {open.problem ? <Problem problem={open.problem} /> : null}
      {said ? (
        <>
          <p className="prose item-text">{said.text}</p>
          <p className="soft">
            {t('item.youOpened')} <Moment at={said.openedAt} />
          </p>
          <p>
            <Button onPress={() => say(null)}>{t('item.close')}</Button>
          </p>
        </>
      ) : view === 'wall' ? (
        <p>{t('item.notOnWalls')}</p>
      ) : (
        <p>
          <Button kind="primary" big busy={open.state === 'sending'} onPress={() => void look()}>
            {t('item.open')}
          </Button>
        </p>
      )}
    </Section>
  )
}

function Acknowledge({ detail }: { detail: ItemDetail }) {
  const t = useWords('sharing')
  const take = useCommandOf(acknowledge, { title: t('item.acknowledge'), changes: ['record.acknowledgements'] })
  if (detail.own || detail.state === 'recalled') return null
  return (
    <div className="stack">
      {take.problem ? <Problem problem={take.problem} /> : null}
      {detail.acknowledgedAt ? (
        <p className="soft">
          {t('item.youAcknowledged')} <Moment at={detail.acknowledgedAt} />
        </p>
      ) : (
        <p>
          <Button busy={take.state === 'sending'} onPress={() => void take.run({ table: 'sharing.items', id: detail.id })}>
            {t('item.acknowledge')}
          </Button>
        </p>
      )}
    </div>
  )
}

function About({ detail }: { detail: ItemDetail }) {
  const t = useWords('sharing')
  return (
    <Facts
      facts={[
        ...(detail.graded ? [{ name: t('grade.title'), value: <GradedBy graded={detail.graded} agency={detail.originator} /> }] : []),
        { name: t('item.by'), value: [detail.sharedBy, detail.post, detail.originator].filter(Boolean).join(', ') },
        {
          name: t('item.on'),
          value: detail.protocolId ? (
            <Link to={`/sharing/protocols/${detail.protocolId}`}>{detail.protocol ?? t('protocol.name')}</Link>
          ) : (
            (detail.basis ?? '')
          ),
        },
        ...(detail.audience.length > 0 ? [{ name: t('item.before'), value: detail.audience.join(', ') }] : []),
        ...(detail.restricted
          ? [
              {
                name: t('item.whyFewer'),
                value: (
                  <span>
                    {detail.restricted.because} {t('item.fewerUntilIs')} <Moment at={detail.restricted.until} />
                  </span>
                ),
              },
            ]
          : []),
        ...(detail.until ? [{ name: t('item.until'), value: <Moment at={detail.until} /> }] : []),
        ...(detail.madeOf.length > 0
          ? [
              {
                name: t('item.madeOf'),
                value: (
                  <span className="row">
                    {detail.madeOf.map(({ id, title }) => (
                      <Link key={id} to={`/sharing/items/${id}`}>
                        {title}
                      </Link>
                    ))}
                  </span>
                ),
              },
            ]
          : []),
        ...(detail.changed && detail.state === 'shared'
          ? [
              {
                name: t('item.was.remarked'),
                value: (
                  <span>
                    {detail.changed.because} <Moment at={detail.changed.at} />
                  </span>
                ),
              },
            ]
          : []),
      ]}
    />
  )
}
