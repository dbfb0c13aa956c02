import { Age } from '#core/web/age.tsx'
import { LabelBadge } from '#core/web/badge.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { Link } from '#core/web/navigation.tsx'
import { Section } from '#core/web/page.tsx'
import { useWords } from '#core/web/words.ts'
import { sharedForIncident } from '../contract.ts'

/** What agencies shared for the incident, beside the lines of its timeline: who holds it to be how sure. What is recalled leaves it. */
export function Shared({ incidentId, share }: { incidentId: string; share: boolean }) {
  const t = useWords('response')
  const { data } = useQueryOf(sharedForIncident, { incidentId }, { watches: ['sharing.items'], copy: 'never' })
  if (!data || (data.items.length === 0 && !share)) return null
  return (
    <Section
      title={t('timeline.shared')}
      {...(share
        ? {
            aside: (
              <span className="row">
                <Link to={`/sharing/items/new?incident=${incidentId}`}>{t('timeline.share')}</Link>
                <Link to={`/sharing/requests?incident=${incidentId}`}>{t('timeline.ask')}</Link>
                <Link to={`/sharing/emergency?incident=${incidentId}`}>{t('timeline.disclose')}</Link>
              </span>
            ),
          }
        : {})}
    >
      {data.items.length === 0 ? <p className="soft">{t('timeline.sharedNone')}</p> : null}
      <ul className="plain-list">
        {data.items.map(({ id, title, originator, sharedAt, graded, label, marking }) => (
          <li key={id} className="row">
            <Link to={`/sharing/items/${id}`}>{title}</Link>
            <span>{originator}</span>
            <Age at={sharedAt} />
            <span>
              {graded === null
                ? t('timeline.notGraded')
                : t('timeline.graded', {
                    grade: graded.words.length > 1 ? `${graded.short} (${graded.words.join(', ')})` : graded.short,
                    by: graded.by,
                  })}
            </span>
            <LabelBadge label={label} marking={marking} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
