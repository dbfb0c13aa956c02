import { useWords } from '#core/web/words.ts'
import type { Centre } from '../contract.ts'

/** Core members who are here, group by group. It informs: no colour, and nothing waits for it. */
export function QuorumLines({ quorum }: { quorum: Centre['quorum'] }) {
  const t = useWords('response')
  if (quorum.length === 0) return null
  return (
    <>
      <dl className="facts">
        {quorum.map((group) => (
          <div key={group.groupId} className="facts-line">
            <dt>{group.name}</dt>
            <dd>
              <strong className="figure">{t('centre.quorumOf', { present: group.present, core: group.core })}</strong>{' '}
              <span className="soft">
                {group.quorum === null ? null : t(group.reached ? 'centre.quorumReached' : 'centre.quorumNot', { quorum: group.quorum })}
              </span>
            </dd>
          </div>
        ))}
      </dl>
      <p className="soft small">{t('centre.quorumNote')}</p>
    </>
  )
}
