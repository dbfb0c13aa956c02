import { useState } from 'react'
import { Moment } from '#core/web/age.tsx'
import { Marking } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { TextArea, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { MarkingField } from '#core/web/marking-field.tsx'
import { Section } from '#core/web/page.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { useWords } from '#core/web/words.ts'
import type { ItemDetail } from '../../items/contract.ts'
import { type Challenge, challengeMarking, challenges, keepMarking } from '../contract.ts'
import { Remark } from './remark.tsx'

const changed = { changes: ['sharing.challenges'] }

/** Who holds the marking to be wrong, and what the originator answered. Shown here and counted nowhere. */
export function Challenges({ detail }: { detail: ItemDetail }) {
  const t = useWords('sharing')
  const { data } = useQueryOf(challenges, { itemId: detail.id }, { watches: ['sharing.challenges', 'sharing.items'], copy: 'never' })
  if (!data || (data.challenges.length === 0 && !detail.can.challenge)) return null
  return (
    <Section title={t('challenge.title')} aside={detail.can.challenge ? <Challenging detail={detail} /> : undefined}>
      {data.challenges.length === 0 ? <p className="soft">{t('challenge.none')}</p> : null}
      {data.challenges.map((one) => (
        <One key={one.id} one={one} detail={detail} />
      ))}
    </Section>
  )
}

function Challenging({ detail }: { detail: ItemDetail }) {
  const t = useWords('sharing')
  const challenge = useCommandOf(challengeMarking, changed)
  const [wished, wish] = useState(detail.marking)
  return (
    <DialogButton words={t('challenge.challenge')} title={t('challenge.of', { title: detail.title })}>
      {(close) => (
        <Form
          label={t('challenge.challenge')}
          problem={challenge.problem}
          onSubmit={({ because = '' }) =>
            void challenge.run({ itemId: detail.id, wished, because }).then(({ state }) => (state === 'done' ? close() : undefined))
          }
        >
          <p className="prose">{t('challenge.more')}</p>
          <MarkingField marking={detail.marking} caveats={detail.caveats} asksWhy={false} onChange={(label) => wish(label.marking)} />
          <TextArea name="because" rows={2} label={t('challenge.because')} required maxLength={2000} />
          <FormButtons>
            <Button type="submit" kind="primary" busy={challenge.state === 'sending'}>
              {t('challenge.send')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}

function One({ one, detail }: { one: Challenge; detail: ItemDetail }) {
  const t = useWords('sharing')
  const keep = useCommandOf(keepMarking, changed)
  return (
    <article className="stack" aria-label={t('challenge.by', { agency: one.agency })}>
      <span className="row">
        <StateWord tone={one.answer ? 'done' : 'waiting'}>
          {t(one.answer ? `challenge.is.${one.answer.kind}` : 'challenge.is.open')}
        </StateWord>
        {t('challenge.from', { by: one.by, agency: one.agency })} <Moment at={one.at} />
      </span>
      <p className="row">
        {t('challenge.was')} <Marking text={one.marking} /> {t('challenge.wished')} <Marking text={one.wished} />
      </p>
      <p className="prose">{one.because}</p>
      {one.answer ? (
        <p className="prose">
          {t('challenge.answered', { by: one.answer.by, words: one.answer.words })} <Moment at={one.answer.at} />
        </p>
      ) : null}
      {one.can.answer ? (
        <Form
          label={t('challenge.answer', { agency: one.agency })}
          problem={keep.problem}
          onSubmit={({ words = '' }) => void keep.run({ itemId: detail.id, challengeId: one.id, words })}
        >
          <TextField name="words" label={t('challenge.whyKept')} required maxLength={2000} />
          <FormButtons>
            <Button type="submit" busy={keep.state === 'sending'}>
              {t('challenge.keep')}
            </Button>
          </FormButtons>
        </Form>
      ) : null}
      {/* Beside the form and not in it: what is sent in its dialog would else be sent here, too. */}
      {one.can.answer ? (
        <p>
          <Remark detail={detail} challengeId={one.id} words={t('challenge.change')} />
        </p>
      ) : null}
    </article>
  )
}
