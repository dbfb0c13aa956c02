import { useState } from 'react'
import { Moment } from '#core/web/age.tsx'
import { LabelBadge } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { Select, TextArea, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { MarkingField } from '#core/web/marking-field.tsx'
import { Link } from '#core/web/navigation.tsx'
import { Facts, PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { useWords } from '#core/web/words.ts'
import { endPointer, makePointer, type Pointer, pointers } from './contract.ts'

const changed = { changes: ['sharing.pointers'] }

/** What is held elsewhere: whom to ask first, and a form for whoever holds what may not be kept here. */
export function Page() {
  const t = useWords('sharing')
  const [holder, hold] = useState('')
  const { data, error, refetch } = useQueryOf(pointers, holder === '' ? {} : { holderAgencyId: holder }, { watches: ['sharing.pointers'] })
  const [last, keep] = useState(data)
  if (data && data !== last) keep(data)
  const shown = data ?? last
  if (!shown) return <NotYet problem={error} onRetry={() => void refetch()} />
  return (
    <div className="page">
      <PageHead title={t('pointer.title')} lead={t('pointer.lead')} actions={<Link to="/sharing/briefings">{t('briefing.title')}</Link>} />
      <Section title={t('pointer.list')}>
        {shown.pointers.length === 0 ? (
          <EmptyState title={t('pointer.none')}>
            <p>{t('pointer.noneMore')}</p>
          </EmptyState>
        ) : (
          shown.pointers.map((one) => <One key={one.id} one={one} />)
        )}
      </Section>
      {shown.can.point ? <Make {...shown} holder={holder} onHolder={hold} /> : null}
    </div>
  )
}

function One({ one }: { one: Pointer }) {
  const t = useWords('sharing')
  const end = useCommandOf(endPointer, changed)
  const { ask } = one
  return (
    <article className="stack" aria-label={one.title}>
      <h3>{one.title}</h3>
      <span className="row">
        <StateWord tone={one.ended ? 'none' : 'waiting'}>{t(one.ended ? 'pointer.ended' : 'pointer.elsewhere')}</StateWord>
        <LabelBadge label={one.label} marking={one.marking} />
      </span>
      <Facts
        facts={[
          { name: t('pointer.holder'), value: one.holder },
          {
            name: t('pointer.ask'),
            value: [ask.post ?? t('pointer.room', { holder: ask.holder }), ...(ask.callBack === null ? [] : [ask.callBack])].join(', '),
          },
          { name: t('pointer.how'), value: ask.how },
          { name: t('pointer.by'), value: `${one.by}, ${one.byAgency}` },
          { name: t('pointer.at'), value: <Moment at={one.at} /> },
          ...(one.restrictedBecause === null ? [] : [{ name: t('pointer.because'), value: one.restrictedBecause }]),
          ...(one.ended ? [{ name: t('pointer.endedBecause'), value: one.ended.reason }] : []),
        ]}
      />
      {one.can.end ? (
        <Form
          label={t('pointer.endOf', { title: one.title })}
          problem={end.problem}
          onSubmit={({ reason = '' }) => void end.run({ id: one.id, reason })}
        >
          <TextField name="reason" label={t('pointer.whyEnd')} required maxLength={2000} />
          <FormButtons>
            <Button type="submit" busy={end.state === 'sending'}>
              {t('pointer.end')}
            </Button>
          </FormButtons>
        </Form>
      ) : null}
    </article>
  )
}

function Make({
  agencies,
  posts,
  everybody,
  holder,
  onHolder,
}: {
  agencies: readonly { id: string; name: string; own: boolean; token: string }[]
  posts: readonly { id: string; title: string }[]
  everybody: string
  holder: string
  onHolder: (id: string) => void
}) {
  const t = useWords('sharing')
  const make = useCommandOf(makePointer, changed)
  const [label, mark] = useState<{ clauses: string[][]; marking: string }>({ clauses: [], marking: '' })
  const [round, next] = useState(0)
  const send = async ({ title = '', how = '', ask, restrictedBecause }: Record<string, string>) => {
    const more = { ...(ask === undefined ? {} : { askPostId: ask }), ...(restrictedBecause === undefined ? {} : { restrictedBecause }) }
    if ((await make.run({ title, how, holderAgencyId: holder, label, ...more })).state !== 'done') return
    onHolder('')
    next(round + 1)
  }
  const own = agencies.find((one) => one.own)
  return (
    <Section title={t('pointer.make')}>
      {make.output ? <p role="status">{t('pointer.made')}</p> : null}
      <Form key={round} label={t('pointer.make')} problem={make.problem} onSubmit={(values) => void send(values)}>
        <MarkingField
          everybody={[everybody]}
          audience={[...(own ? [own] : []), ...agencies.filter((one) => !one.own)].map(({ token, name }) => ({ token, words: name }))}
          onChange={({ clauses, marking }) => mark({ clauses, marking })}
        />
        <TextField name="title" label={t('pointer.about')} help={t('pointer.aboutHelp')} required maxLength={200} />
        <Select
          name="holderAgencyId"
          label={t('pointer.holder')}
          required
          onChange={onHolder}
          choices={agencies.map(({ id, name }) => ({ id, words: name }))}
        />
        {posts.length > 0 ? (
          <Select key={holder} name="ask" label={t('pointer.ask')} choices={posts.map(({ id, title }) => ({ id, words: title }))} />
        ) : null}
        <TextArea name="how" rows={2} label={t('pointer.how')} help={t('pointer.howHelp')} required />
        <FormButtons>
          <Button type="submit" kind="primary" busy={make.state === 'sending'}>
            {t('pointer.keep')}
          </Button>
        </FormButtons>
      </Form>
    </Section>
  )
}
