import { Answers, Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { Link } from '#core/web/navigation.tsx'
import { Section } from '#core/web/page.tsx'
import { Problem } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'
import { ConfirmLead } from '../../lead-agency/parts/lead-forms.tsx'
import { LeadPanel } from '../../lead-agency/parts/lead-panel.tsx'
import { NeutralPanel } from '../../neutral-commander/parts/neutral-panel.tsx'
import { takeSeat } from '../../seats/contract.ts'
import { PromptPanel } from '../../prompts/parts/panel.tsx'
import { SeatForm } from '../../seats/parts/seat-form.tsx'
import { SeatTable } from '../../seats/parts/seat-table.tsx'
import { SeatState } from '../../seats/parts/seat-words.tsx'
import { isHere } from '../../seats/rules.ts'
import { Entries } from '../../timeline/parts/entries.tsx'
import { WriteEntry } from '../../timeline/parts/write-entry.tsx'
import type { Centre } from '../contract.ts'
import { QuorumLines } from './quorum.tsx'

/** Three big answers about your own agency's seat, within reach of a thumb; sent later when there is no contact. */
function OwnSeat({ centre }: { centre: Centre }) {
  const t = useWords('response')
  const { incident, own, seats, missing } = centre
  const seat = seats.find(({ agencyId }) => agencyId === own.agencyId)
  const take = useCommandOf(takeSeat, { title: t('seat.own'), changes: ['response.seats', 'response.log_entries'] })
  if (!own.agencyId) return null
  const agencyId = own.agencyId
  const answers = (['present', 'en-route', 'virtual'] as const).filter((state) => state !== seat?.state)
  return (
    <Section title={t('seat.own')}>
      {seat ? (
        <div>
          {seat.agencyName}: <SeatState seat={seat} missing={missing} />
        </div>
      ) : null}
      {take.problem ? <Problem problem={take.problem} /> : null}
      <Answers label={t('seat.own')}>
        {answers.map((state) => (
          <Button
            key={state}
            big
            busy={take.state === 'sending'}
            onPress={() => void take.run({ incidentId: incident.id, agencyId, state })}
          >
            {t(`seat.${state}1`)}
          </Button>
        ))}
        <DialogButton words={t('centre.more')} title={t('seat.own')}>
          {(close) => <SeatForm incidentId={incident.id} seats={seats} agencyId={agencyId} own onDone={close} />}
        </DialogButton>
      </Answers>
    </Section>
  )
}

/** For a leader on a phone, in two minutes: how it stands, your own seat, who leads, what is new. */
export function PocketCentre({ centre }: { centre: Centre }) {
  const t = useWords('response')
  const { incident, seats, missing, can, own } = centre
  const ownSeat = can.setOwnSeat ? <OwnSeat centre={centre} /> : null
  // Until you have said where you are, that is the first thing asked.
  const asked = !seats.some(({ agencyId, state }) => agencyId === own.agencyId && isHere(state))
  return (
    <>
      {asked ? ownSeat : null}
      <PromptPanel incidentId={incident.id} />
      <Section title={t('lead.title')}>
        <LeadPanel lead={centre.lead} />
        {can.confirmLead ? <ConfirmLead incidentId={incident.id} agencies={seats} claims={centre.lead.claims} /> : null}
      </Section>
      {asked ? null : ownSeat}
      <Section title={t('neutral.title')}>
        <NeutralPanel now={centre.neutral.now} />
      </Section>
      <Section title={t('centre.newest')} aside={<Link to={`/response/centre/${incident.id}/timeline`}>{t('centre.wholeTimeline')}</Link>}>
        <Entries entries={centre.timeline.entries.slice(0, 3)} />
        {can.writeEntry ? <WriteEntry incidentId={incident.id} /> : null}
      </Section>
      {centre.quorum.length > 0 ? (
        <Section title={t('centre.quorum')}>
          <QuorumLines quorum={centre.quorum} />
        </Section>
      ) : null}
      <Section title={t('centre.seats')}>
        <SeatTable
          incidentId={incident.id}
          seats={seats}
          missing={missing}
          maySet={({ agencyId }) => can.setAnySeat || (can.setOwnSeat && agencyId === own.agencyId)}
          ownAgencyId={own.agencyId}
        />
      </Section>
    </>
  )
}
