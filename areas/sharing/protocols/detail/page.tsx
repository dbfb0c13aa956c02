import { useState } from 'react'
import { Moment } from '#core/web/age.tsx'
import { LabelBadge } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Select, TextArea } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Link, useParts } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { NotYet, Problem } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { endProtocol, offerProtocol, protocol, type ProtocolDetail, signProtocol, withdrawFromProtocol } from '../contract.ts'
import { tones } from '../page.tsx'
import { TermsShown } from '../parts/terms.tsx'

const watches = ['sharing.protocols', 'sharing.protocol_versions', 'sharing.signatures', 'sharing.parties']
const changed = { changes: watches }

/** One protocol: what waits for a signature first, then what is in force, who is in it, and every version before. */
export function Page() {
  const t = useWords('sharing')
  const { protocolId = '' } = useParts()
  const { data, error, refetch } = useQueryOf(protocol, { protocolId }, { watches })
  const [shown, show] = useState<string>()
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  const version = data.versions.find(({ id }) => id === shown) ?? data.versions.at(-1)
  return (
    <div className="page">
      <PageHead
        title={data.title}
        lead={
          <span className="row">
            <StateWord tone={tones[data.state]}>{t(`protocol.is.${data.state}`)}</StateWord>
            {data.inForceFrom && data.state === 'in-force' ? <Moment at={data.inForceFrom} /> : null}
            {data.reviewDue ? <StateWord tone="alarm">{t('protocol.reviewDue')}</StateWord> : null}
          </span>
        }
        aside={<LabelBadge label={data.label} marking={data.marking} />}
        actions={<Deeds detail={data} />}
      />
      {data.ended ? (
        <p className="prose">
          {t('protocol.endedBecause', { reason: data.ended.reason })} <Moment at={data.ended.at} />
        </p>
      ) : null}
      {version ? (
        <Section
          title={t('protocol.version', { number: version.number, state: t(`protocol.versionIs.${version.state}`) })}
          aside={
            data.versions.length > 1 ? (
              <Select
                label={t('protocol.versions')}
                value={version.id}
                onChange={show}
                choices={data.versions.map(({ id, number, state }) => ({
                  id,
                  words: t('protocol.version', { number, state: t(`protocol.versionIs.${state}`) }),
                }))}
              />
            ) : undefined
          }
        >
          <TermsShown terms={version.terms} agencies={data.agencies} changed={version.changed} />
          <p className="soft">{t('protocol.hash', { hash: `${version.hash.slice(0, 16)}…` })}</p>
          <Signatures version={version} detail={data} />
        </Section>
      ) : null}
      <Section title={t('protocol.standing')}>
        <Table
          label={t('protocol.standing')}
          rows={data.standing}
          rowId={({ agencyId, joinedAt }) => `${agencyId} ${joinedAt}`}
          columns={[
            {
              id: 'agency',
              title: t('party.agency'),
              names: true,
              cell: ({ agencyName }) => agencyName,
              sort: ({ agencyName }) => agencyName,
            },
            { id: 'since', title: t('party.since'), cell: ({ joinedAt }) => <Moment at={joinedAt} />, sort: ({ joinedAt }) => joinedAt },
            { id: 'sees', title: t('party.sees'), cell: ({ seesPast }) => t(seesPast ? 'party.past.all' : 'party.past.from-joining') },
            {
              id: 'left',
              title: t('party.left'),
              cell: ({ leftAt, leftReason, keeps }) =>
                leftAt ? (
                  <>
                    <Moment at={leftAt} /> {leftReason} ({t(`terms.leaving.${keeps ? 'keeps' : 'loses'}`)})
                  </>
                ) : (
                  t('party.in')
                ),
            },
          ]}
          empty={<p className="soft">{t('protocol.nobodyIn')}</p>}
        />
      </Section>
    </div>
  )
}

function Signatures({ version, detail }: { version: ProtocolDetail['versions'][number]; detail: ProtocolDetail }) {
  const t = useWords('sharing')
  const sign = useCommandOf(signProtocol, changed)
  return (
    <div className="stack">
      <h3>{t('protocol.signatures')}</h3>
      {sign.problem ? <Problem problem={sign.problem} /> : null}
      <ul className="plain-list">
        {version.terms.parties.map(({ agencyId }) => {
          const given = version.signatures.find((one) => one.agencyId === agencyId)
          const name = detail.agencies[agencyId] ?? agencyId
          return (
            <li key={agencyId} className="row">
              {name}:{' '}
              {given ? (
                <>
                  {t('protocol.signedBy', { by: given.by, post: given.post ?? '' })} <Moment at={given.at} />
                </>
              ) : (
                <StateWord tone="waiting">{t('protocol.notSigned')}</StateWord>
              )}
              {!given && version.state === 'offered' && detail.can.signFor.includes(agencyId) ? (
                <Button
                  kind="primary"
                  busy={sign.state === 'sending'}
                  onPress={() => void sign.run({ protocolId: detail.id, versionId: version.id, agencyId, hash: version.hash })}
                >
                  {t('protocol.signFor', { name })}
                </Button>
              ) : null}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function Deeds({ detail }: { detail: ProtocolDetail }) {
  const t = useWords('sharing')
  const offer = useCommandOf(offerProtocol, changed)
  const newest = detail.versions.at(-1)
  return (
    <span className="row">
      {detail.can.write ? (
        <Link to={`/sharing/protocols/draft?protocol=${detail.id}`}>
          {t(newest?.state === 'draft' ? 'protocol.change' : 'protocol.next')}
        </Link>
      ) : null}
      {detail.can.write && newest?.state === 'draft' ? (
        <Button kind="primary" busy={offer.state === 'sending'} onPress={() => void offer.run({ protocolId: detail.id })}>
          {t('protocol.offer')}
        </Button>
      ) : null}
      {detail.can.leaveFor.map((agencyId) => (
        <Leave key={agencyId} protocolId={detail.id} agencyId={agencyId} name={detail.agencies[agencyId] ?? ''} />
      ))}
      {detail.can.leaveFor.length > 0 ? <End protocolId={detail.id} /> : null}
      {offer.problem ? <Problem problem={offer.problem} /> : null}
    </span>
  )
}

function Leave({ protocolId, agencyId, name }: { protocolId: string; agencyId: string; name: string }) {
  const t = useWords('sharing')
  const leave = useCommandOf(withdrawFromProtocol, changed)
  return (
    <DialogButton words={t('protocol.leave', { name })} title={t('protocol.leave', { name })} kind="plain">
      {(close) => (
        <Form
          label={t('protocol.leave', { name })}
          problem={leave.problem}
          onSubmit={({ reason = '' }) => void leave.run({ protocolId, agencyId, reason }).then(({ state }) => state === 'done' && close())}
        >
          <p className="prose">{t('protocol.leaveMore')}</p>
          <TextArea name="reason" label={t('reason')} required />
          <FormButtons>
            <Button type="submit" kind="primary" busy={leave.state === 'sending'}>
              {t('protocol.leaveNow')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}

function End({ protocolId }: { protocolId: string }) {
  const t = useWords('sharing')
  const end = useCommandOf(endProtocol, changed)
  return (
    <DialogButton words={t('protocol.end')} title={t('protocol.end')} kind="plain">
      {(close) => (
        <Form
          label={t('protocol.end')}
          problem={end.problem}
          onSubmit={({ reason = '' }) => void end.run({ protocolId, reason }).then(({ state }) => state === 'done' && close())}
        >
          <p className="prose">{t('protocol.endMore')}</p>
          <TextArea name="reason" label={t('reason')} required />
          <FormButtons>
            <Button type="submit" kind="primary" busy={end.state === 'sending'}>
              {t('protocol.endNow')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}
