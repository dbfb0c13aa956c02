import { Answers, Button } from '#core/web/button.tsx'
import { Moment } from '#core/web/age.tsx'
import { TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Section } from '#core/web/page.tsx'
import { Problem } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { useWords } from '#core/web/words.ts'
import { acceptCallOut, type Called, declineCallOut, myCallOuts } from '../../call-out/contract.ts'

const changes = ['watch.answers', 'watch.asks']

function Open({ call }: { call: Called }) {
  const t = useWords('watch')
  const accept = useCommandOf(acceptCallOut, { title: t('mine.accept'), changes })
  const decline = useCommandOf(declineCallOut, { title: t('mine.decline'), changes })
  const of = { activationId: call.activationId, postId: call.postId }
  return (
    <article>
      <p>
        <strong>{call.post}</strong>, {call.agency} · <Moment at={call.askedAt} />
      </p>
      {call.callBack === '' ? null : <p className="soft">{t('mine.ring', { number: call.callBack })}</p>}
      {accept.problem ? <Problem problem={accept.problem} /> : null}
      <Answers label={call.post}>
        <Button big kind="primary" busy={accept.state === 'sending'} onPress={() => void accept.run(of)}>
          {t('mine.accept')}
        </Button>
      </Answers>
      <Form
        label={t('mine.decline')}
        problem={decline.problem}
        onSubmit={(values) => void decline.run({ ...of, reason: values.reason ?? '' })}
      >
        <TextField name="reason" label={t('mine.why')} maxLength={300} />
        <FormButtons>
          <Button type="submit" busy={decline.state === 'sending'}>
            {t('mine.decline')}
          </Button>
        </FormButtons>
      </Form>
    </article>
  )
}

/** What you are asked yourself; answering is the same as on the page behind the link. */
export function MyCallOuts() {
  const t = useWords('watch')
  const { data } = useQueryOf(myCallOuts, {}, { watches: ['watch.asks', 'watch.answers', 'watch.activations'] })
  const current = (data ?? []).filter((call) => !call.over)
  if (current.length === 0) return null
  return (
    <Section title={t('mine.title')}>
      {current.map((call) =>
        call.answer === 'accepted' || call.answer === 'declined' ? (
          <p key={call.callOutId}>
            <strong>{call.post}</strong>, {call.agency}:{' '}
            <StateWord tone={call.answer === 'accepted' ? 'done' : 'none'}>{t(`ask.${call.answer}`)}</StateWord>
          </p>
        ) : (
          <Open key={call.callOutId} call={call} />
        ),
      )}
    </Section>
  )
}
