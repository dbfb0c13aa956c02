import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { Problem } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'
import { type LevelInFull, setLevel } from '../contract.ts'

/** Takes a level out of use, and says before what follows from it. */
export function Retire({ level, last }: { level: LevelInFull; last: boolean }) {
  const t = useWords('watch')
  const put = useCommandOf(setLevel, { changes: ['watch.levels'] })
  const { code, rank, name, nameFr, criteria, criteriaFr, callsOut, convenes } = level
  return (
    <DialogButton words={t('levels.retire')} title={t('levels.retireTitle', { name })} kind="plain">
      {(close) => (
        <div className="form">
          {put.problem ? <Problem problem={put.problem} /> : null}
          <p className="prose">{t('levels.retireMore')}</p>
          {last ? <p className="prose">{t('levels.retireLast')}</p> : null}
          <FormButtons>
            <Button
              kind="alarm"
              busy={put.state === 'sending'}
              onPress={() =>
                void put
                  .run({ code, rank, name, nameFr, criteria, criteriaFr, callsOut, convenes, retired: true })
                  .then((outcome) => outcome.state === 'done' && close())
              }
            >
              {t('levels.retire')}
            </Button>
          </FormButtons>
        </div>
      )}
    </DialogButton>
  )
}
