import { type Pack, takePack } from '#core/record/pack/contract.ts'
import { Moment } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { Facts } from '#core/web/page.tsx'
import { Problem, Progress } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { useWords } from '#core/web/words.ts'

const tones = { asked: 'waiting', ready: 'done', failed: 'alarm', expired: 'waiting' } as const

/** One pack: for whom, how far, and what to tell the receiver by another way. */
export function Made({ pack, strong }: { pack: Pack; strong: boolean }) {
  const t = useWords('response')
  const take = useCommandOf(takePack, { changes: ['record.pack_downloads'] })
  const fetchFile = async () => {
    const outcome = await take.run({ packId: pack.id })
    if (outcome.state === 'done') location.assign(outcome.output.path)
  }
  const { reach } = pack
  return (
    <article className="stack" aria-label={pack.receiver}>
      <h3>{pack.receiver}</h3>
      <span className="row">
        <StateWord tone={tones[pack.state]}>{t(`pack.state.${pack.state}`)}</StateWord>
      </span>
      {pack.progress ? <Progress label={t('pack.progress')} done={pack.progress.done} of={Math.max(1, pack.progress.whole)} /> : null}
      <Facts
        facts={[
          { name: t('pack.purpose'), value: pack.purpose },
          { name: t('pack.authority'), value: pack.authority },
          { name: t('pack.whatFor'), value: t(`pack.reachOf.${reach}`) },
          { name: t('pack.asked'), value: <Moment at={pack.askedAt} /> },
          { name: t('pack.ends'), value: <Moment at={pack.expiresAt} /> },
          ...(pack.manifestHash === null ? [] : [{ name: t('pack.hash'), value: <code>{pack.manifestHash}</code> }]),
          ...(pack.downloads.length === 0
            ? []
            : [
                {
                  name: t('pack.taken'),
                  value: pack.downloads.map(({ name, at }) => (
                    <span key={`${name} ${at}`} className="row">
                      {name} <Moment at={at} />
                    </span>
                  )),
                },
              ]),
        ]}
      />
      {take.problem ? <Problem problem={take.problem} /> : null}
      {pack.state === 'ready' ? (
        <span className="row">
          <Button isDisabled={!strong} busy={take.state === 'sending'} onPress={() => void fetchFile()}>
            {t('pack.take')}
          </Button>
          <a href="/packs/concord-open.mjs" download>
            {t('pack.opener')}
          </a>
        </span>
      ) : null}
    </article>
  )
}
