import { useState } from 'react'
import { Moment } from '#core/web/age.tsx'
import { Marking } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Link } from '#core/web/navigation.tsx'
import { Facts, Section } from '#core/web/page.tsx'
import { Problem } from '#core/web/problem.tsx'
import { StateWord, type StateTone } from '#core/web/state-word.tsx'
import { useWords } from '#core/web/words.ts'
import { itemChoices, shareItem } from '../../items/contract.ts'
import { decideRelease, proposeRelease, type Release, tearLines } from '../contract.ts'
import { ReleasableFields, type ReleasableChosen, releasableOf, startsReleasable } from './fields.tsx'

const changed = { changes: ['sharing.releases', 'sharing.items'] }
const tones: Record<Release['state'], StateTone> = { proposed: 'waiting', approved: 'begun', refused: 'none', sent: 'done' }

/** The releasable versions of an item, as those see them who read the item. */
export function TearLines({ itemId, propose }: { itemId: string; propose: boolean }) {
  const t = useWords('sharing')
  const { data } = useQueryOf(tearLines, { itemId }, { watches: ['sharing.releases', 'sharing.items'], copy: 'never' })
  if (!data || (data.releases.length === 0 && !propose)) return null
  return (
    <Section title={t('tear.lines')}>
      {data.releases.map((one) => (
        <One key={one.id} one={one} />
      ))}
      {propose ? <Propose itemId={itemId} /> : null}
    </Section>
  )
}

function One({ one }: { one: Release }) {
  const t = useWords('sharing')
  const decide = useCommandOf(decideRelease, changed)
  const send = useCommandOf(shareItem, changed)
  const put = () =>
    void send.run({
      releaseId: one.id,
      kind: one.kind,
      title: one.title,
      text: one.text,
      marking: one.marking,
      ...(one.protocolId ? { protocolId: one.protocolId } : {}),
      ...(one.agencyIds ? { agencyIds: one.agencyIds } : {}),
      ...(one.basis ? { basis: one.basis } : {}),
      ...(one.until ? { until: one.until } : {}),
    })
  return (
    <article className="stack" aria-label={t('tear.of', { title: one.title })}>
      <h3>{one.title}</h3>
      <span className="row">
        <StateWord tone={tones[one.state]}>{t(`tear.is.${one.state}`)}</StateWord>
        <Marking text={one.marking} />
      </span>
      <p className="prose">{one.text}</p>
      <Facts
        facts={[
          { name: t('tear.readers'), value: one.audience.join(', ') },
          {
            name: t('tear.proposed'),
            value: (
              <span>
                {one.proposedBy} <Moment at={one.proposedAt} />
              </span>
            ),
          },
          ...(one.decided
            ? [
                {
                  name: t('tear.decided'),
                  value: (
                    <span>
                      {one.decided.by}: {one.decided.words} <Moment at={one.decided.at} />
                    </span>
                  ),
                },
              ]
            : []),
        ]}
      />
      {one.can.decide ? (
        <Form
          label={t('tear.decide', { title: one.title })}
          problem={decide.problem}
          onSubmit={({ words = '' }) => void decide.run({ releaseId: one.id, approve: true, words })}
        >
          <TextField name="words" label={t('tear.words')} help={t('tear.wordsHelp')} required maxLength={2000} />
          <FormButtons>
            <Button type="submit" busy={decide.state === 'sending'}>
              {t('tear.approve')}
            </Button>
            <Refuse releaseId={one.id} title={one.title} />
          </FormButtons>
        </Form>
      ) : null}
      {send.problem ? <Problem problem={send.problem} /> : null}
      {one.can.send ? (
        <p>
          <Button busy={send.state === 'sending'} onPress={put}>
            {t('tear.send')}
          </Button>
        </p>
      ) : null}
      {one.sentAs ? (
        <p>
          <Link to={`/sharing/items/${one.sentAs}`}>{t('tear.sentAs')}</Link>
        </p>
      ) : null}
    </article>
  )
}

function Refuse({ releaseId, title }: { releaseId: string; title: string }) {
  const t = useWords('sharing')
  const decide = useCommandOf(decideRelease, changed)
  return (
    <Button
      aria-label={t('tear.refuseOf', { title })}
      busy={decide.state === 'sending'}
      onPress={() => void decide.run({ releaseId, approve: false, words: t('tear.refusedWords') })}
    >
      {t('tear.refuse')}
    </Button>
  )
}

function Propose({ itemId }: { itemId: string }) {
  const t = useWords('sharing')
  const propose = useCommandOf(proposeRelease, changed)
  const { data: choices } = useQueryOf(itemChoices, {})
  const [chosen, choose] = useState<ReleasableChosen | null>(null)
  if (!choices) return null
  if (!chosen)
    return (
      <p>
        <Button onPress={() => choose(startsReleasable(choices.protocols))}>{t('tear.write')}</Button>
      </p>
    )
  const send = async (values: Record<string, string>) => {
    if ((await propose.run({ itemId, ...releasableOf(chosen, values) })).state === 'done') choose(null)
  }
  return (
    <Form label={t('tear.write')} problem={propose.problem} onSubmit={(values) => void send(values)}>
      <ReleasableFields choices={choices} chosen={chosen} onChange={choose} />
      <FormButtons>
        <Button type="submit" busy={propose.state === 'sending'}>
          {t('tear.propose')}
        </Button>
        <Button onPress={() => choose(null)}>{t('tear.leave')}</Button>
      </FormButtons>
    </Form>
  )
}
