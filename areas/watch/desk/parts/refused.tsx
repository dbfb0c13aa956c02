import { Moment } from '#core/web/age.tsx'
import { EmptyState } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'
import type { RefusedDelivery } from '../contract.ts'
import { Original } from './original.tsx'

/** What could not be taken in, with the reasons and, where it may matter, its raw form: nothing is lost silently. */
export function Refused({ deliveries }: { deliveries: readonly RefusedDelivery[] }) {
  const t = useWords('watch')
  if (deliveries.length === 0)
    return (
      <>
        <h2 className="unseen">{t('desk.tray.refused')}</h2>
        <EmptyState title={t('desk.noneRefused')}>
          <p>{t('desk.noneRefusedMore')}</p>
        </EmptyState>
      </>
    )
  return (
    <>
      <h2 className="unseen">{t('desk.tray.refused')}</h2>
      <ol className="desk-list desk-refused" aria-label={t('desk.tray.refused')}>
        {deliveries.map((one) => (
          <li key={one.id}>
            <h3>
              {one.name} <span className="soft">{one.source ?? t(`desk.way.${one.way}`)}</span>
            </h3>
            <p className="soft">
              <Moment at={one.receivedAt} /> · {t('desk.bytes', { count: one.size })}
              {one.stored > 0 ? ` · ${t('desk.restStands', { count: one.stored })}` : ''}
            </p>
            <ul className="desk-errors">
              {one.reasons.map((words) => (
                <li key={words}>{words}</li>
              ))}
            </ul>
            {one.kept ? <Original of={{ deliveryId: one.id }} /> : <p className="soft">{t('desk.notKept')}</p>}
          </li>
        ))}
      </ol>
    </>
  )
}
