import { Age, Moment } from '#core/web/age.tsx'
import { LabelBadge } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { useGo } from '#core/web/navigation.tsx'
import { Facts, Section } from '#core/web/page.tsx'
import { Problem, Waiting } from '#core/web/problem.tsx'
import { Timeline } from '#core/web/timeline.tsx'
import { useLanguage, useWords } from '#core/web/words.ts'
import { signal, type SignalLink } from '../../signals/contract.ts'
import type { Exercise } from '../contract.ts'
import { Content } from './content.tsx'
import { Deeds } from './deeds.tsx'
import { Original } from './original.tsx'
import { inLanguage, Standing } from './words-of.tsx'

function Links({ links, title }: { links: readonly SignalLink[]; title: (kind: SignalLink['kind']) => string }) {
  const t = useWords('watch')
  const go = useGo()
  return links.map((link) => (
    <li key={link.signalId + link.kind}>
      {title(link.kind)}{' '}
      <Button kind="plain" onPress={() => go(undefined, { signal: link.signalId })}>
        {link.identifier ?? t('desk.nameless')}
      </Button>
      {link.otherSender ? ` ${t('desk.otherSender')}` : ''}
      {link.counts ? '' : ` ${t('desk.countsNot')}`}
    </li>
  ))
}

/** Everything that is known of one signal, in the reader's language when the message has it. */
export function Detail({ signalId, exercises, at }: { signalId: string; exercises: readonly Exercise[]; at: string }) {
  const t = useWords('watch')
  const language = useLanguage()
  const watches = ['watch.signals', 'watch.contents', 'watch.signal_actions', 'watch.judgements']
  const { data, error, refetch } = useQueryOf(signal, { signalId }, { watches })
  if (error && !data) return <Problem problem={error} onRetry={() => void refetch()} />
  if (!data) return <Waiting />
  const info = inLanguage(data.content.infos, language)
  const cap = (value: string | null) => (value === null ? t('desk.notSaid') : t(`desk.cap.${value}`, { defaultValue: value }))
  return (
    <article className="desk-signal" aria-label={info?.headline ?? data.identifier ?? t('desk.nameless')}>
      <header className="desk-signal-head">
        <h2>{info?.headline ?? info?.event ?? data.identifier ?? t('desk.nameless')}</h2>
        <p className="row">
          <Standing line={data} />
          <LabelBadge label={data.label} marking={data.marking} />
          <Age at={data.receivedAt} owner={data.source ?? t('desk.byHand')} />
        </p>
      </header>
      {data.route === 'not-actual' ? <p className="notice">{t('desk.notActual', { status: cap(data.status) })}</p> : null}
      {data.assigned ? <p className="notice">{t('desk.assigned', { status: cap(data.status) })}</p> : null}
      {data.standing === 'quarantined' ? <p className="notice notice-alarm">{t('desk.held')}</p> : null}
      {data.releasedBy ? (
        <p className="notice">
          {t('desk.released', { name: data.releasedBy.name, reason: data.releaseReason ?? '' })}{' '}
          {data.releasedAt ? <Moment at={data.releasedAt} /> : null}
        </p>
      ) : null}
      {data.errors.length > 0 ? (
        <Section title={t('desk.errors')}>
          <ul className="desk-errors">
            {data.errors.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </Section>
      ) : null}
      <Deeds signal={data} exercises={exercises} at={at} />
      <Content infos={data.content.infos} />
      {data.flags.length + data.content.remarks.length + data.actsOn.length + data.actedOnBy.length > 0 ? (
        <Section title={t('desk.notes')}>
          <ul className="desk-errors">
            <Links links={data.actedOnBy} title={(kind) => t(`desk.by.${kind}`)} />
            <Links links={data.actsOn} title={(kind) => t(`desk.of.${kind}`)} />
            {data.flags.map((flag) => (
              <li key={flag}>{t(`desk.flag.${flag}`, { defaultValue: flag })}</li>
            ))}
            {data.content.remarks.map((remark) => (
              <li key={remark} lang="en">
                {remark}
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      {data.judgements.length > 0 ? (
        <Section title={t('desk.judgements')}>
          <Timeline
            label={t('desk.judgements')}
            items={data.judgements.map((one) => ({
              id: one.id,
              occurredAt: one.at,
              title: `${t(`desk.triage.${one.triage}`)}${one.reliability ? ` · ${one.reliability}` : ''}`,
              by: one.byName,
              body: (
                <p>
                  {one.reason}{' '}
                  {one.reviewAt ? (
                    <span className="soft">
                      {t('desk.reviewAt')} <Moment at={one.reviewAt} />
                    </span>
                  ) : null}
                </p>
              ),
            }))}
          />
        </Section>
      ) : null}
      <Section title={t('desk.message')}>
        <Facts
          facts={[
            { name: t('desk.sender'), value: data.sender ?? t('desk.notSaid') },
            { name: t('desk.identifier'), value: <code>{data.identifier ?? t('desk.notSaid')}</code> },
            { name: t('desk.sent'), value: <code>{data.sent ?? t('desk.notSaid')}</code> },
            { name: t('desk.kind'), value: `${cap(data.status)} · ${cap(data.msgType)} · ${cap(data.scope)}` },
            {
              name: t('desk.signed'),
              value: `${t(`desk.signature.${data.signature}`)}. ${t(`desk.signatureMore.${data.signature}`)}${data.signer ? ` ${data.signer}` : ''}`,
            },
            ...(data.content.restriction ? [{ name: t('desk.restriction'), value: data.content.restriction }] : []),
            ...(data.content.addresses ? [{ name: t('desk.addresses'), value: data.content.addresses }] : []),
            ...(data.content.note ? [{ name: t('desk.note'), value: data.content.note }] : []),
            { name: 'SHA-256', value: <code className="desk-hash">{data.bytesHash}</code> },
          ]}
        />
        {data.hasOriginal ? <Original of={{ signalId }} /> : null}
      </Section>
    </article>
  )
}
