import { Moment } from '#core/web/age.tsx'
import { Marking } from '#core/web/badge.tsx'
import { Facts } from '#core/web/page.tsx'
import { useWords } from '#core/web/words.ts'
import type { Terms } from '../contract.ts'

/** The words that are signed, heading by heading, as they are read aloud before signing. */
export function TermsShown({ terms, agencies, changed }: { terms: Terms; agencies: Record<string, string>; changed: readonly string[] }) {
  const t = useWords('sharing')
  const kinds = (some: readonly string[]) => some.map((kind) => t(`post.${kind}`)).join(', ')
  const fact = (heading: keyof Terms, value: React.ReactNode) => ({
    name: changed.includes(heading) ? `${t(`terms.${heading}`)} · ${t('protocol.changed')}` : t(`terms.${heading}`),
    value,
  })
  return (
    <Facts
      facts={[
        fact('title', terms.title),
        fact(
          'parties',
          <ul className="plain-list">
            {terms.parties.map(({ agencyId, use, sign, past }) => (
              <li key={agencyId}>
                {agencies[agencyId] ?? agencyId}: {use.length === 0 ? t('party.everybody') : kinds(use)};{' '}
                {t('party.signs', { kinds: kinds(sign) })}; {t(`party.past.${past}`)}
              </li>
            ))}
          </ul>,
        ),
        fact('purposes', terms.purposes.join(' · ')),
        fact('kinds', terms.kinds.map((kind) => t(`kind.${kind}`)).join(', ')),
        fact(
          'personal',
          terms.personal.is
            ? t('terms.personalIs', { basis: terms.personal.basis, assessment: terms.personal.assessment })
            : t('terms.personalNo'),
        ),
        fact('triggers', terms.triggers.map((one) => t(`terms.trigger.${one}`)).join(', ')),
        fact('method', terms.method || t('terms.nothing')),
        fact('handling', terms.handling || t('terms.nothing')),
        fact('marking', <Marking text={terms.marking} />),
        fact('retention', terms.retention),
        fact('emergency', terms.emergency || t('terms.cityRule')),
        fact('upward', t(terms.upward ? 'terms.upwardYes' : 'terms.upwardNo')),
        fact('onLeaving', t(`terms.leaving.${terms.onLeaving}`)),
        fact('reviewAt', <Moment at={terms.reviewAt} />),
        fact('expiresAt', <Moment at={terms.expiresAt} />),
        fact('testedOn', terms.testedOn ? <Moment at={terms.testedOn} /> : t('terms.onPaper')),
      ]}
    />
  )
}
