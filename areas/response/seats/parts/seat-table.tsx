import { useState } from 'react'
import { Moment } from '#core/web/age.tsx'
import { Dialog } from '#core/web/dialog.tsx'
import { EmptyState } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import type { Missing, Seat } from '../contract.ts'
import { SeatForm } from './seat-form.tsx'
import { SeatState } from './seat-words.tsx'

interface SeatTableWords {
  incidentId: string
  seats: readonly Seat[]
  missing: readonly Missing[]
  /** Whose seats this viewer may set. */
  maySet: (seat: Seat) => boolean
  ownAgencyId: string | null
}

const order: readonly Seat['state'][] = ['absent', 'expected', 'en-route', 'virtual', 'present']

/** The muster board: every agency that is expected or here, core members first. Enter opens a seat that this viewer may set. */
export function SeatTable({ incidentId, seats, missing, maySet, ownAgencyId }: SeatTableWords) {
  const t = useWords('response')
  const [opened, open] = useState<Seat | null>(null)
  return (
    <>
      <Table
        label={t('centre.seats')}
        rows={seats}
        rowId={({ id }) => id}
        onOpen={(seat) => (maySet(seat) ? open(seat) : undefined)}
        alarmed={(seat) => missing.some(({ agencyId }) => agencyId === seat.agencyId)}
        columns={[
          {
            id: 'agency',
            title: t('seat.agency'),
            names: true,
            text: ({ agencyName }) => agencyName,
            sort: ({ shortName }) => shortName,
            cell: ({ agencyName, core }) => (
              <>
                {agencyName} <span className="soft">{t(core ? 'seat.core' : 'seat.notCore')}</span>
              </>
            ),
          },
          {
            id: 'state',
            title: t('seat.state'),
            text: ({ state }) => t(`seat.${state}`),
            sort: ({ state }) => order.indexOf(state),
            cell: (seat) => <SeatState seat={seat} missing={missing} />,
          },
          {
            id: 'since',
            title: t('seat.since'),
            figures: true,
            sort: ({ since }) => since,
            cell: ({ since }) => <Moment at={since} />,
            text: ({ since }) => since,
          },
          {
            id: 'who',
            title: t('seat.who'),
            text: ({ person }) => person ?? '',
            cell: ({ person, postTitle, reason, callBack, state }) => (
              <>
                {person ?? null}
                {postTitle === null ? null : <div className="soft">{postTitle}</div>}
                {reason === '' ? null : <div className="soft">{reason}</div>}
                {state === 'expected' && callBack ? <div className="soft figure">{t('seat.callBack', { number: callBack })}</div> : null}
              </>
            ),
          },
        ]}
        empty={
          <EmptyState title={t('seat.none')}>
            <p>{t('seat.noneMore')}</p>
          </EmptyState>
        }
      />
      {opened ? (
        <Dialog open onOpenChange={(still) => (still ? undefined : open(null))} title={t('seat.set', { agency: opened.agencyName })}>
          {(close) => (
            <SeatForm
              incidentId={incidentId}
              seats={seats}
              agencyId={opened.agencyId}
              own={opened.agencyId === ownAgencyId}
              onDone={close}
            />
          )}
        </Dialog>
      ) : null}
    </>
  )
}
