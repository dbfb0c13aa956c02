import { useState } from 'react'
import { Moment } from '#core/web/age.tsx'
import { LabelBadge } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { Choices, Select, TextArea, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { useAddress } from '#core/web/navigation.tsx'
import { Facts, PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { useWords } from '#core/web/words.ts'
import { ForIncident } from '../requests/parts/incident.tsx'
import { discloseInEmergency, type EmergencyDisclosure, emergencyDisclosures, outcomes, reviewDisclosure } from './contract.ts'

const changed = { changes: ['sharing.emergency_disclosures'] }

/** Breaking the glass: three fields and one button, then what was shared so and what another person found. */
export function Page() {
  const t = useWords('sharing')
  const { data, error, refetch } = useQueryOf(emergencyDisclosures, {}, { watches: ['sharing.emergency_disclosures'] })
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  return (
    <div className="page">
      <PageHead title={t('emergency.title')} lead={t('emergency.lead')} />
      {data.can.disclose ? <Disclose agencies={data.agencies} /> : null}
      <Section title={t('emergency.list')}>
        {data.disclosures.length === 0 ? (
          <EmptyState title={t('emergency.none')}>
            <p>{t('emergency.noneMore')}</p>
          </EmptyState>
        ) : (
          data.disclosures.map((one) => <Disclosure key={one.id} one={one} />)
        )}
      </Section>
    </div>
  )
}

function Disclose({ agencies }: { agencies: readonly { id: string; name: string }[] }) {
  const t = useWords('sharing')
  const { incident } = useAddress<{ incident: string }>()
  const disclose = useCommandOf(discloseInEmergency, changed)
  const [to, setTo] = useState<readonly string[]>([])
  const [round, next] = useState(0)
  const send = async ({ title = '', text = '', reason = '' }: Record<string, string>) => {
    if (
      (await disclose.run({ title, text, reason, toAgencyIds: [...to], ...(incident === undefined ? {} : { incidentId: incident }) }))
        .state !== 'done'
    )
      return
    setTo([])
    next(round + 1)
  }
  return (
    <Section title={t('emergency.share')}>
      {disclose.output ? <p role="status">{t('emergency.shared')}</p> : null}
      <Form key={round} label={t('emergency.share')} problem={disclose.problem} onSubmit={(values) => void send(values)}>
        <ForIncident id={incident} />
        <TextField name="title" label={t('emergency.about')} required maxLength={200} />
        <TextArea name="text" rows={3} label={t('emergency.what')} required />
        <Select
          key={to.length}
          label={t('emergency.to')}
          help={t('emergency.toHelp')}
          choices={agencies.filter(({ id }) => !to.includes(id)).map(({ id, name }) => ({ id, words: name }))}
          onChange={(id) => setTo([...to, id])}
        />
        {to.length > 0 ? (
          <ul className="plain-list">
            {to.map((id) => {
              const name = agencies.find((agency) => agency.id === id)?.name ?? id
              return (
                <li key={id} className="row">
                  {name}
                  <Button aria-label={t('party.remove', { name })} onPress={() => setTo(to.filter((one) => one !== id))}>
                    {t('party.removeShort')}
                  </Button>
                </li>
              )
            })}
          </ul>
        ) : null}
        <TextField name="reason" label={t('emergency.why')} required maxLength={2000} />
        <FormButtons>
          <Button type="submit" kind="primary" big busy={disclose.state === 'sending'}>
            {t('emergency.now')}
          </Button>
        </FormButtons>
      </Form>
    </Section>
  )
}

function Disclosure({ one }: { one: EmergencyDisclosure }) {
  const t = useWords('sharing')
  const review = useCommandOf(reviewDisclosure, changed)
  return (
    <article className="stack" aria-label={one.title}>
      <h3>{one.title}</h3>
      <span className="row">
        {one.review ? (
          <StateWord tone="done">{t(`emergency.outcome.${one.review.outcome}`)}</StateWord>
        ) : (
          <StateWord tone={one.overdue ? 'alarm' : 'waiting'}>{t(one.overdue ? 'emergency.overdue' : 'emergency.toReview')}</StateWord>
        )}
        <LabelBadge label={one.label} marking={one.marking} />
      </span>
      <p className="prose">{one.text}</p>
      <Facts
        facts={[
          { name: t('emergency.why'), value: one.reason },
          { name: t('emergency.by'), value: `${one.by}, ${one.byAgency}` },
          { name: t('emergency.at'), value: <Moment at={one.at} /> },
          { name: t('emergency.sentTo'), value: one.to.join(', ') },
          { name: t('emergency.originator'), value: one.originator },
          ...(one.review
            ? [{ name: t('emergency.review'), value: `${one.review.words} (${one.review.by})` }]
            : [{ name: t('emergency.reviewBy'), value: <Moment at={one.reviewDueAt} /> }]),
        ]}
      />
      {one.can.review ? (
        <Form
          label={t('emergency.reviewOf', { title: one.title })}
          problem={review.problem}
          onSubmit={({ outcome = '', words = '' }) => void review.run({ id: one.id, outcome: outcome as (typeof outcomes)[number], words })}
        >
          <Choices
            name="outcome"
            label={t('emergency.found')}
            required
            choices={outcomes.map((id) => ({ id, words: t(`emergency.outcome.${id}`) }))}
          />
          <TextArea name="words" rows={2} label={t('emergency.words')} required />
          <FormButtons>
            <Button type="submit" busy={review.state === 'sending'}>
              {t('emergency.record')}
            </Button>
          </FormButtons>
        </Form>
      ) : null}
    </article>
  )
}
