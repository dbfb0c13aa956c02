import { useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { Choices, Select, TextArea } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Link } from '#core/web/navigation.tsx'
import { useWords } from '#core/web/words.ts'
import { refusalCodes } from '../../contract.ts'
import { type AnswerChoice, answerChoices, type AnswerOutcome, answerOutcomes, answerRequest, type SharingRequest } from '../contract.ts'

const nothing = 'nothing'

/** What the answer carries, chosen among what may be: what they can read already stands first. */
function Carries({ name, label, choices, from }: { name: string; label: string; choices: readonly AnswerChoice[]; from: string }) {
  const t = useWords('sharing')
  return (
    <Select
      name={name}
      label={label}
      help={
        <>
          {t(name === 'itemId' ? 'request.itemHelp' : 'request.pointerHelp')}{' '}
          <Link to={name === 'itemId' ? '/sharing/items/new' : '/sharing/pointers'}>
            {t(name === 'itemId' ? 'item.share' : 'pointer.make')}
          </Link>
        </>
      }
      required
      defaultValue={nothing}
      choices={[
        { id: nothing, words: t('request.carriesNothing') },
        ...choices.map(({ id, title, marking, before }) => ({
          id,
          words: title,
          more: before ? `${marking} · ${t('request.before', { from })}` : `${marking} · ${t('request.notBefore', { from })}`,
        })),
      ]}
    />
  )
}

/** Five ways to answer. What is kept back asks for the risk of it; a refusal for its reason; nothing else asks for more than words. */
export function Answer({ one, first }: { one: SharingRequest; first: boolean }) {
  const t = useWords('sharing')
  const answer = useCommandOf(answerRequest, { changes: ['sharing.requests', 'sharing.request_answers'] })
  const [outcome, choose] = useState<AnswerOutcome>('share')
  const refused = outcome === 'refuse'
  const { data: may } = useQueryOf(answerChoices, { requestId: one.id }, { watches: ['sharing.items', 'sharing.pointers'], copy: 'never' })
  const send = ({ words = '', reasonCode, risk, itemId, pointerId }: Record<string, string>) =>
    answer.run({
      requestId: one.id,
      outcome,
      words,
      ...(reasonCode ? { reasonCode: reasonCode as (typeof refusalCodes)[number] } : {}),
      ...(risk ? { risk } : {}),
      ...(itemId && itemId !== nothing ? { itemId } : {}),
      ...(pointerId && pointerId !== nothing ? { pointerId } : {}),
    })
  return (
    <Form label={t('request.answerTo', { what: one.what })} problem={answer.problem} onSubmit={(values) => void send(values)}>
      <Choices
        name="outcome"
        label={t('request.answer')}
        required
        value={outcome}
        onChange={(id) => choose(id as AnswerOutcome)}
        choices={answerOutcomes.map((id) => ({ id, words: t(`request.give.${id}`) }))}
      />
      {refused ? (
        <Select
          name="reasonCode"
          label={t('request.reason')}
          required
          choices={refusalCodes.map((id) => ({ id, words: t(`refusal.${id}`) }))}
        />
      ) : null}
      {refused ? null : outcome === 'pointer' ? (
        <Carries key="pointer" name="pointerId" label={t('request.pointer')} choices={may?.pointers ?? []} from={one.from} />
      ) : (
        <Carries key="item" name="itemId" label={t('request.item')} choices={may?.items ?? []} from={one.from} />
      )}
      <TextArea name="words" rows={3} label={t(`request.words.${outcome}`)} required maxLength={8000} />
      {refused || outcome === 'part' ? (
        <TextArea name="risk" rows={2} label={t('request.risk')} help={t('request.riskHelp')} required maxLength={4000} />
      ) : null}
      <FormButtons>
        <Button type="submit" kind={first ? 'primary' : 'normal'} busy={answer.state === 'sending'}>
          {t('request.sendAnswer')}
        </Button>
      </FormButtons>
    </Form>
  )
}
