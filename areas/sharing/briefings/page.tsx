import { useState } from 'react'
import { Moment } from '#core/web/age.tsx'
import { LabelBadge } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { Choices, Select, TextField, TimeField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Facts, PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { useWords } from '#core/web/words.ts'
import { brief, type Briefing, briefings, endBriefing } from './contract.ts'

const changed = { changes: ['sharing.briefings'] }

/** Who may read what carries a caveat: for a person, their own; for a legal adviser, the agency's, and the form to give one. */
export function Page() {
  const t = useWords('sharing')
  const { data, error, refetch } = useQueryOf(briefings, {}, { watches: ['sharing.briefings'] })
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  return (
    <div className="page">
      <PageHead title={t('briefing.title')} lead={t('briefing.lead')} />
      <Section title={t('briefing.yours')}>
        <Facts
          facts={data.caveats.map(({ descriptor, held }) => ({
            name: descriptor,
            value: held
              ? t('briefing.held')
              : data.ask.length > 0
                ? t('briefing.askPosts', { posts: data.ask.join(', ') })
                : t('briefing.askNobody'),
          }))}
        />
      </Section>
      {data.can.brief ? <Brief caveats={data.caveats} people={data.people} /> : null}
      <Section title={t('briefing.list')}>
        {data.briefings.length === 0 ? (
          <EmptyState title={t('briefing.none')}>
            <p>{t('briefing.noneMore')}</p>
          </EmptyState>
        ) : (
          data.briefings.map((one) => <One key={one.id} one={one} />)
        )}
      </Section>
    </div>
  )
}

function Brief({
  caveats,
  people,
}: {
  caveats: readonly { token: string; descriptor: string }[]
  people: readonly { id: string; name: string }[]
}) {
  const t = useWords('sharing')
  const give = useCommandOf(brief, changed)
  const [round, next] = useState(0)
  const send = async ({ token = '', personId = '', reason = '', until = '' }: Record<string, string>) => {
    if ((await give.run({ token, personId, reason, until })).state === 'done') next(round + 1)
  }
  return (
    <Section title={t('briefing.give')}>
      {give.output ? <p role="status">{t('briefing.given')}</p> : null}
      <Form key={round} label={t('briefing.give')} problem={give.problem} onSubmit={(values) => void send(values)}>
        <Choices
          name="token"
          label={t('briefing.caveat')}
          required
          choices={caveats.map(({ token, descriptor }) => ({ id: token, words: descriptor }))}
        />
        <Select name="personId" label={t('briefing.who')} required choices={people.map(({ id, name }) => ({ id, words: name }))} />
        <TextField name="reason" label={t('briefing.why')} required maxLength={2000} />
        <TimeField name="until" label={t('briefing.until')} help={t('briefing.untilHelp')} required />
        <FormButtons>
          <Button type="submit" kind="primary" busy={give.state === 'sending'}>
            {t('briefing.do')}
          </Button>
        </FormButtons>
      </Form>
    </Section>
  )
}

function One({ one }: { one: Briefing }) {
  const t = useWords('sharing')
  const end = useCommandOf(endBriefing, changed)
  const name = `${one.descriptor}: ${one.you ? t('briefing.you') : one.person}`
  return (
    <article className="stack" aria-label={name}>
      <h3>{name}</h3>
      <span className="row">
        <StateWord tone={one.state === 'open' ? 'waiting' : 'none'}>{t(`briefing.is.${one.state}`)}</StateWord>
        <LabelBadge label={one.label} marking={one.marking} />
      </span>
      <Facts
        facts={[
          { name: t('briefing.why'), value: one.reason },
          { name: t('briefing.by'), value: `${one.by}, ${one.agency}` },
          { name: t('briefing.at'), value: <Moment at={one.at} /> },
          { name: t('briefing.until'), value: <Moment at={one.until} /> },
          ...(one.endReason === null ? [] : [{ name: t('briefing.endedBecause'), value: one.endReason }]),
        ]}
      />
      {one.can.end ? (
        <Form
          label={t('briefing.endOf', { name })}
          problem={end.problem}
          onSubmit={({ reason = '' }) => void end.run({ id: one.id, reason })}
        >
          <TextField name="reason" label={t('briefing.whyEnd')} required maxLength={2000} />
          <FormButtons>
            <Button type="submit" busy={end.state === 'sending'}>
              {t('briefing.end')}
            </Button>
          </FormButtons>
        </Form>
      ) : null}
    </article>
  )
}
