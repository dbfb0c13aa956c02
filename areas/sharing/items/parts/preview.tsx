import { Moment } from '#core/web/age.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { Problem } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'
import { previewItem } from '../contract.ts'
import type { Chosen } from './audience.tsx'

/** Before it is sent, in words: who will be able to read it, who will not, until when, and whether reading it is an entry. */
export function Preview({ chosen, marking }: { chosen: Chosen; marking: string }) {
  const t = useWords('sharing')
  const named = chosen.protocolId === '' || !chosen.all
  const { data, error } = useQueryOf(
    previewItem,
    {
      marking,
      ...(chosen.protocolId === '' ? {} : { protocolId: chosen.protocolId }),
      ...(named ? { agencyIds: [...chosen.agencyIds] } : {}),
      caveats: [...chosen.caveats],
    },
    { when: marking !== '', copy: 'never' },
  )
  return (
    <section className="stack" aria-label={t('item.preview')} aria-live="polite">
      <h3>{t('item.preview')}</h3>
      {error && error.kind !== 'no-contact' && !data ? <Problem problem={error} /> : null}
      {data ? (
        <ul className="plain-list">
          {data.readers.length === 0 ? <li>{t('item.nobodyYet')}</li> : null}
          {data.readers.map(({ name, posts }) => (
            <li key={name}>
              {posts.length === 0
                ? t('item.everybodyOf', { name })
                : t('item.postsOf', { name, posts: posts.map((one) => t(`post.${one}`)).join(', ') })}
            </li>
          ))}
          <li>{t('item.ownToo')}</li>
          {data.leftOut.length > 0 ? <li>{t('item.leftOut', { names: data.leftOut.join(', ') })}</li> : null}
          {data.caveats.length > 0 ? <li>{t('item.onlyBriefed')}</li> : null}
          {data.protocolEnds ? (
            <li>
              {t('item.protocolEnds')} <Moment at={data.protocolEnds} />
            </li>
          ) : null}
          <li>{t(data.sensitive ? 'item.isSensitive' : 'item.isPlain')}</li>
        </ul>
      ) : null}
    </section>
  )
}
