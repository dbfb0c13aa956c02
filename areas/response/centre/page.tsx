import { Age } from '#core/web/age.tsx'
import { LabelBadge } from '#core/web/badge.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Link, useParts } from '#core/web/navigation.tsx'
import { PageHead } from '#core/web/page.tsx'
import { Banner, Problem, Waiting } from '#core/web/problem.tsx'
import { moment } from '#core/web/time.ts'
import { useView } from '#core/web/view.ts'
import { useWords } from '#core/web/words.ts'
import { Ways } from '../decisions/parts/ways.tsx'
import { Held } from '../pack/parts/held.tsx'
import { SeatForm } from '../seats/parts/seat-form.tsx'
import { DeskCentre } from './parts/desk.tsx'
import { PocketCentre } from './parts/pocket.tsx'
import { useCentre } from './parts/use-centre.tsx'
import { WallCentre } from './parts/wall.tsx'
import './page.css'

/** The co-ordination centre of one incident, for the room (wall), the desk and the pocket. */
export function Page() {
  const t = useWords('response')
  const view = useView()
  const { incidentId = '' } = useParts()
  const { data: centre, error, refetch } = useCentre(incidentId)
  if (error && !centre)
    return (
      <div className="page">
        <Problem problem={error} onRetry={() => void refetch()} />
      </div>
    )
  if (!centre)
    return (
      <div className="page">
        <Waiting />
      </div>
    )
  const { incident, own, seats, can } = centre
  const lead = t('centre.of', { type: incident.incidentType, place: incident.jurisdiction, time: moment(new Date(incident.openedAt)) })
  if (view === 'wall')
    return (
      <div className="page">
        <PageHead title={incident.name} />
        <WallCentre centre={centre} />
      </div>
    )
  const ownAgencyId = own.agencyId
  return (
    <div className="page">
      <PageHead
        title={incident.name}
        lead={lead}
        aside={
          <>
            <LabelBadge label={centre.label} marking={centre.marking} />
            <Age at={centre.asOf} />
          </>
        }
        actions={
          view === 'pocket' ? (
            <Ways incidentId={incident.id} />
          ) : (
            <>
              {can.setOwnSeat && ownAgencyId ? (
                <DialogButton words={t('seat.own')} kind={can.confirmLead ? 'normal' : 'primary'} title={t('seat.own')}>
                  {(close) => <SeatForm incidentId={incident.id} seats={seats} agencyId={ownAgencyId} own onDone={close} />}
                </DialogButton>
              ) : null}
              <Ways incidentId={incident.id} />
              <Link to={`/response/centre/${incident.id}/as-of`}>{t('centre.asOf')}</Link>
              {can.observe ? <Link to={`/structure/analysis?incident=${incident.id}`}>{t('centre.observed')}</Link> : null}
              {can.seeMembers ? <Link to={`/response/centre/${incident.id}/members`}>{t('members.title')}</Link> : null}
            </>
          )
        }
      />
      {incident.closedAt === null ? null : (
        <Banner kind="plain" word={t('centre.closed')}>
          {t('centre.closedMore', { time: moment(new Date(incident.closedAt)) })}
        </Banner>
      )}
      <Held incidentId={incident.id} />
      {view === 'pocket' ? <PocketCentre centre={centre} /> : <DeskCentre centre={centre} />}
    </div>
  )
}
