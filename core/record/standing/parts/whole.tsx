import { bundle } from '../../bundle/contract.ts'
import { Button } from '#core/web/button.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { Section } from '#core/web/page.tsx'
import { Problem } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'

/** The whole record as one file of hashes, for a stranger who verifies it without us. */
export function Whole() {
  const t = useWords('record')
  const take = useCommandOf(bundle, { changes: ['record.bundles'] })
  const fetchFile = async () => {
    const outcome = await take.run({})
    if (outcome.state === 'done') location.assign(outcome.output.path)
  }
  return (
    <Section title={t('whole.title')}>
      <p className="prose soft">{t('whole.lead')}</p>
      {take.problem ? <Problem problem={take.problem} /> : null}
      <span className="row">
        <Button busy={take.state === 'sending'} onPress={() => void fetchFile()}>
          {t('whole.take')}
        </Button>
        <a href="/bundles/concord-verify.mjs" download>
          {t('whole.verifier')}
        </a>
      </span>
      <p className="prose soft">{t('whole.who')}</p>
    </Section>
  )
}
