import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Choices, Select, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { useWords } from '#core/web/words.ts'
import { acceptCallOut, declineCallOut } from '../../call-out/contract.ts'
import type { Board } from '../contract.ts'

/** What somebody said when they rang the call-back number, noted by the desk. */
export function NoteAnswer({ board }: { board: Board }) {
  const t = useWords('watch')
  const changes = ['watch.answers', 'watch.asks', 'watch.call_outs']
  const accept = useCommandOf(acceptCallOut, { changes })
  const decline = useCommandOf(declineCallOut, { changes })
  const posts = new Map(board.callOuts.map((callOut) => [callOut.id, callOut]))
  const asked = [...new Map(board.asks.map((ask) => [`${ask.callOutId} ${ask.personId}`, ask])).entries()]
  const note = async (values: Record<string, string>) => {
    const [callOutId = '', personId = ''] = (values.who ?? '').split(' ')
    const of = { activationId: board.activation.id, postId: posts.get(callOutId)?.postId ?? '', personId }
    return values.answer === 'declined' ? decline.run({ ...of, reason: values.reason ?? '' }) : accept.run(of)
  }
  return (
    <DialogButton words={t('note.title')} title={t('note.title')}>
      {(close) => (
        <Form
          label={t('note.title')}
          problem={accept.problem ?? decline.problem}
          onSubmit={(values) => void note(values).then((outcome) => outcome.state === 'done' && close())}
        >
          <Select
            name="who"
            label={t('note.who')}
            required
            choices={asked.map(([id, ask]) => ({ id, words: ask.person, more: posts.get(ask.callOutId)?.post ?? '' }))}
          />
          <Choices
            name="answer"
            label={t('note.answer')}
            required
            choices={[
              { id: 'accepted', words: t('note.accepted') },
              { id: 'declined', words: t('note.declined') },
            ]}
          />
          <TextField name="reason" label={t('board.reason')} maxLength={300} />
          <FormButtons>
            <Button type="submit" kind="primary" busy={accept.state === 'sending' || decline.state === 'sending'}>
              {t('note.do')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}
