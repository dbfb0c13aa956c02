import { LabelBadge } from '#core/web/badge.tsx'
import { StateWord, type StateTone } from '#core/web/state-word.tsx'
import { hourMinute } from '#core/web/time.ts'
import { useWords } from '#core/web/words.ts'
import type { LeadClaim, LeadState } from '../contract.ts'

const tones: Record<LeadState, StateTone> = { confirmed: 'done', unresolved: 'alarm', contested: 'alarm', proposed: 'begun', none: 'none' }

function Claim({ claim }: { claim: LeadClaim }) {
  const t = useWords('response')
  return (
    <li>
      <div>
        <strong>{claim.agencyName}</strong>{' '}
        <span className="soft">
          {[
            t(`lead.${claim.state}`),
            claim.claimedByName === null ? t('lead.agreedBefore') : t('lead.by', { agency: claim.claimedByName }),
            claim.agreedBy.length > 0 ? t('lead.supported', { agencies: claim.agreedBy.join(', ') }) : null,
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </div>
      <div>{claim.positionNotAdopted ?? claim.basis}</div>
      {claim.note === '' ? null : <div>{claim.note}</div>}
      <LabelBadge label={claim.label} marking={claim.marking} />
    </li>
  )
}

/** Who leads, in one word; and every position that this viewer may read, side by side, with its basis. */
export function LeadPanel({ lead }: { lead: { state: LeadState; agencyName: string | null; claims: readonly LeadClaim[] } }) {
  const t = useWords('response')
  const confirmed = lead.claims.find(({ state }) => state === 'confirmed')
  return (
    <div className="centre-panel">
      <StateWord tone={tones[lead.state]}>{t(`lead.${lead.state}`)}</StateWord>
      {lead.agencyName === null ? null : <div className="centre-panel-name">{lead.agencyName}</div>}
      {confirmed?.decidedAt ? (
        <div className="soft">
          {t('lead.confirmedBy', { person: confirmed.decidedBy ?? '', time: hourMinute(new Date(confirmed.decidedAt)) })}
        </div>
      ) : null}
      {lead.claims.length > 0 ? (
        <details open={lead.state !== 'confirmed'}>
          <summary>{t('lead.positions')}</summary>
          <ul className="centre-claims">
            {lead.claims.map((claim) => (
              <Claim key={claim.id} claim={claim} />
            ))}
          </ul>
        </details>
      ) : null}
    </div>
  )
}
