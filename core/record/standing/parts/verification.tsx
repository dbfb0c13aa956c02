import { Moment } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { Facts, Section } from '#core/web/page.tsx'
import { EmptyState, Problem } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { moment } from '#core/web/time.ts'
import { useWords } from '#core/web/words.ts'
import { askVerification, type Verification } from '../contract.ts'

const at = (text: string) => moment(new Date(text), new Date())

/** What the last whole verification found, in words, and a button for another. */
export function Verifications({ verifications }: { verifications: readonly Verification[] }) {
  const t = useWords('record')
  const ask = useCommandOf(askVerification, { changes: ['record.verifications'] })
  const running = verifications.find((one) => one.finishedAt === null)
  const last = verifications.find((one) => one.finishedAt !== null)
  return (
    <Section
      title={t('verification.title')}
      aside={
        <Button kind="primary" busy={ask.state === 'sending'} onPress={() => void ask.run({})}>
          {t('verification.ask')}
        </Button>
      }
    >
      {ask.problem ? <Problem problem={ask.problem} /> : null}
      {running ? (
        <p role="status">
          <StateWord tone="begun">{t('verification.running', { at: at(running.askedAt) })}</StateWord>
        </p>
      ) : null}
      {last ? (
        <Found one={last} />
      ) : (
        <EmptyState title={t('verification.none')}>
          <p>{t('verification.noneMore')}</p>
        </EmptyState>
      )}
    </Section>
  )
}

function Found({ one }: { one: Verification }) {
  const t = useWords('record')
  return (
    <>
      <StateWord tone={one.ok ? 'done' : 'alarm'}>{t(one.ok ? 'verification.sound' : 'verification.wrong')}</StateWord>
      <Facts
        facts={[
          { name: t('verification.finished'), value: <Moment at={one.finishedAt ?? one.askedAt} /> },
          { name: t('verification.entries'), value: one.entries },
          { name: t('verification.sealed'), value: one.sealed },
          { name: t('verification.heads'), value: one.heads },
          { name: t('verification.stubs'), value: one.stubs },
        ]}
      />
      {one.problems.length > 0 ? (
        <>
          <h3>{t('verification.problems')}</h3>
          <ul className="stack">
            {one.problems.map(({ position, what }, number) => (
              <li key={`${number} ${what}`}>{position === null ? what : t('verification.at', { position, what })}</li>
            ))}
          </ul>
        </>
      ) : null}
      {one.keyTurns.map((turn) => (
        <p key={`${turn.size} ${turn.to}`} className="prose">
          {t(`verification.turn.${turn.kind}`, { at: at(turn.at), size: turn.size, from: turn.from, to: turn.to })}
        </p>
      ))}
      <p className="prose soft">{t('verification.under')}</p>
    </>
  )
}
