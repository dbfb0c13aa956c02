import { DialogButton } from '#core/web/dialog.tsx'
import { Link } from '#core/web/navigation.tsx'
import { Beside, Section } from '#core/web/page.tsx'
import { useWords } from '#core/web/words.ts'
import { CloseDialog, StatusDialog, TimesDialog } from '../../incidents/parts/status-dialogs.tsx'
import { ConfirmLead, ProposeLead } from '../../lead-agency/parts/lead-forms.tsx'
import { LeadPanel } from '../../lead-agency/parts/lead-panel.tsx'
import { AppointNeutral, NeutralPanel, RelieveNeutral } from '../../neutral-commander/parts/neutral-panel.tsx'
import { PromptPanel } from '../../prompts/parts/panel.tsx'
import { SeatForm } from '../../seats/parts/seat-form.tsx'
import { SeatTable } from '../../seats/parts/seat-table.tsx'
import { Entries } from '../../timeline/parts/entries.tsx'
import { WriteEntry } from '../../timeline/parts/write-entry.tsx'
import type { Centre } from '../contract.ts'
import { News } from './news.tsx'
import { QuorumLines } from './quorum.tsx'

const LeadDeeds = ({ centre }: { centre: Centre }) => (
  <>
    {centre.can.claimLead ? (
      <ProposeLead incidentId={centre.incident.id} agencies={centre.seats} ownAgencyId={centre.own.agencyId} />
    ) : null}
    {centre.can.confirmLead ? <ConfirmLead incidentId={centre.incident.id} agencies={centre.seats} claims={centre.lead.claims} /> : null}
  </>
)

/** For the watch officer and the secretariat: seats and timeline to the left, who leads and who is missing to the right. */
export function DeskCentre({ centre }: { centre: Centre }) {
  const t = useWords('response')
  const { incident, seats, missing, can, own } = centre
  const relieve = centre.neutral.now !== null && can.setTimes
  return (
    <Beside>
      <div className="centre-column">
        <News centre={centre} />
        <Section
          title={t('centre.seats')}
          aside={
            can.setAnySeat && seats.length > 0 ? (
              <DialogButton words={t('seat.setOther')} title={t('seat.setOther')}>
                {(close) => <SeatForm incidentId={incident.id} seats={seats} agencyId={null} own={false} onDone={close} />}
              </DialogButton>
            ) : null
          }
        >
          <SeatTable
            incidentId={incident.id}
            seats={seats}
            missing={missing}
            maySet={({ agencyId }) => can.setAnySeat || (can.setOwnSeat && agencyId === own.agencyId)}
            ownAgencyId={own.agencyId}
          />
          {missing.length > 0 ? <p className="soft small">{t('centre.missingNote')}</p> : null}
        </Section>
        <Section
          title={t('centre.newest')}
          aside={<Link to={`/response/centre/${incident.id}/timeline`}>{t('centre.wholeTimeline')}</Link>}
        >
          {can.writeEntry ? <WriteEntry incidentId={incident.id} /> : null}
          <Entries entries={centre.timeline.entries} correct={can.writeEntry} />
        </Section>
      </div>
      <div className="centre-column">
        <Section title={t('lead.title')} aside={<LeadDeeds centre={centre} />}>
          <LeadPanel lead={centre.lead} />
        </Section>
        <Section
          title={t('neutral.title')}
          aside={
            can.appointNeutral ? (
              <AppointNeutral incidentId={incident.id} pool={centre.neutral.pool} />
            ) : relieve ? (
              <RelieveNeutral incidentId={incident.id} />
            ) : null
          }
        >
          <NeutralPanel now={centre.neutral.now} />
        </Section>
        <PromptPanel incidentId={incident.id} />
        {centre.quorum.length > 0 ? (
          <Section title={t('centre.quorum')}>
            <QuorumLines quorum={centre.quorum} />
          </Section>
        ) : null}
        <Section title={t('centre.declared')}>
          <div className="centre-panel">
            <div className="centre-panel-name">{t(`status.${incident.status}`)}</div>
            {incident.statusReason === '' ? null : <div className="soft">{incident.statusReason}</div>}
            <div className="row">
              {can.setStatus ? <StatusDialog incident={incident} /> : null}
              {can.setTimes ? <TimesDialog incident={incident} /> : null}
              {can.close ? <CloseDialog incident={incident} /> : null}
            </div>
          </div>
        </Section>
      </div>
    </Beside>
  )
}
