import { Button } from '#core/web/button.tsx'
import { useDoing } from '#core/web/doing.ts'
import { stepUp } from '#core/web/passkey.ts'
import { asProblem, ProblemError } from '#core/web/problem-error.ts'
import { Problem } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'

/** The step-up before a grave act: one button, and what to do when the device says no. */
export function Confirm({ onDone }: { onDone: () => void }) {
  const t = useWords('access')
  const confirm = useDoing(async () => {
    await stepUp().catch((error: unknown) => {
      const problem = asProblem(error)
      throw problem.detail === '' ? new ProblemError('not-allowed', t('signIn.cancelled')) : problem
    })
    onDone()
  })
  return (
    <>
      {confirm.problem ? <Problem problem={confirm.problem} /> : null}
      <p>
        <Button busy={confirm.busy} onPress={() => void confirm.run()}>
          {t('ways.confirm')}
        </Button>
      </p>
    </>
  )
}
