import { Moment } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { TextArea } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { Problem } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { useWords } from '#core/web/words.ts'
import { giveVerdict, type ReviewDetail, reviewTables } from '../contract.ts'

/** Every agency that the proposal touches, and what it has said in this round. One signs what stands above on the screen. */
export function Signing({ detail }: { detail: ReviewDetail }) {
  const t = useWords('structure')
  const give = useCommandOf(giveVerdict, { changes: reviewTables })
  return (
    <div className="stack">
      {give.problem ? <Problem problem={give.problem} /> : null}
      <ul className="plain-list">
        {detail.parties.map(({ agencyId, agencyName, signed }) => (
          <li key={agencyId} className="row">
            {agencyName}:{' '}
            {signed ? (
              <>
                <StateWord tone={signed.verdict === 'signed' ? 'done' : 'alarm'}>{t(`review.gave.${signed.verdict}`)}</StateWord>
                <span>
                  {[signed.by, signed.post].filter(Boolean).join(', ')} <Moment at={signed.at} />
                </span>
                {signed.reason ? <q>{signed.reason}</q> : null}
              </>
            ) : (
              <StateWord tone="waiting">{t('review.notSigned')}</StateWord>
            )}
            {detail.can.signFor.includes(agencyId) && signed?.verdict !== 'signed' ? (
              <Button
                kind="primary"
                busy={give.state === 'sending'}
                onPress={() => void give.run({ reviewId: detail.id, agencyId, verdict: 'signed', hash: detail.hash })}
              >
                {t('review.signFor', { name: agencyName })}
              </Button>
            ) : null}
            {detail.can.signFor.includes(agencyId) ? <ObjectFor detail={detail} agencyId={agencyId} name={agencyName} /> : null}
          </li>
        ))}
      </ul>
    </div>
  )
}

function ObjectFor({ detail, agencyId, name }: { detail: ReviewDetail; agencyId: string; name: string }) {
  const t = useWords('structure')
  const give = useCommandOf(giveVerdict, { changes: reviewTables })
  return (
    <DialogButton words={t('review.objectFor', { name })} title={t('review.objectFor', { name })} kind="plain">
      {(close) => (
        <Form
          label={t('review.objectFor', { name })}
          problem={give.problem}
          onSubmit={({ reason = '' }) =>
            void give
              .run({ reviewId: detail.id, agencyId, verdict: 'objected', reason, hash: detail.hash })
              .then(({ state }) => state === 'done' && close())
          }
        >
          <p className="prose">{t('review.objectMore')}</p>
          <TextArea name="reason" label={t('review.reason')} required />
          <FormButtons>
            <Button type="submit" kind="primary" busy={give.state === 'sending'}>
              {t('review.objectNow')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}
