import { Facts } from '#core/web/page.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import type { Found, Run, Taken } from '../contract.ts'

/** What a run found: exact for who can be told, drawn for how long a quorum takes. It says what it rests on. */
export function FoundShown({ run: { asked, found, onVersion } }: { run: Run }) {
  const t = useWords('structure')
  const name = (id: string) => found.names[id] ?? id
  const called = ({ kind, id }: Taken) => (kind === 'dependence' ? id : name(id))
  const list = (ids: readonly string[]) => (ids.length === 0 ? t('stress.nobody') : ids.map(name).join(', '))
  return (
    <div className="stack">
      {found.loss ? (
        <Facts
          facts={[
            { name: t('stress.taken'), value: asked.taken.map(called).join(', ') },
            { name: t('stress.untold'), value: list(found.loss.untold) },
            { name: t('stress.untoldGroups'), value: list(found.loss.untoldGroups) },
            {
              name: t('stress.uncovered'),
              value:
                found.loss.uncovered.length === 0
                  ? t('stress.nothing')
                  : found.loss.uncovered
                      .map(({ activity, phase, reason }) => t(`stress.because.${reason}`, { activity, phase }))
                      .join('; '),
            },
            {
              name: t('stress.groups'),
              value:
                found.loss.groups.length === 0
                  ? t('stress.nothing')
                  : found.loss.groups
                      .map(({ groupId, lost }) => `${name(groupId)}: ${lost.map((one) => t(`stress.lost.${one}`)).join(', ')}`)
                      .join('; '),
            },
          ]}
        />
      ) : null}
      {found.singles.length > 0 ? (
        <Table
          label={t('stress.singles')}
          rows={found.singles}
          rowId={({ taken: { kind, id } }) => `${kind} ${id}`}
          columns={[
            { id: 'what', title: t('stress.taken'), names: true, cell: ({ taken }) => called(taken), text: ({ taken }) => called(taken) },
            ...harmColumns(t),
          ]}
        />
      ) : null}
      {found.pairs ? (
        <>
          <p className="soft">{t('stress.counted', { count: found.pairs.counted })}</p>
          <Table
            label={t('stress.pairs')}
            rows={found.pairs.worst}
            rowId={({ taken }) => taken.map(({ kind, id }) => `${kind} ${id}`).join(' ')}
            columns={[
              {
                id: 'what',
                title: t('stress.taken'),
                names: true,
                cell: ({ taken }) => taken.map(called).join(' + '),
                text: ({ taken }) => taken.map(called).join(' + '),
              },
              {
                id: 'together',
                title: t('stress.together'),
                figures: true,
                cell: ({ together }) => together,
                sort: ({ together }) => together,
              },
              ...harmColumns(t),
            ]}
          />
        </>
      ) : null}
      <Table
        label={t('stress.quorum')}
        rows={found.quorum}
        rowId={({ groupId }) => groupId}
        columns={[
          { id: 'group', title: t('groups.name'), names: true, cell: ({ groupId }) => name(groupId), text: ({ groupId }) => name(groupId) },
          { id: 'members', title: t('stress.members'), cell: ({ members, quorum }) => t('stress.of', { quorum, members }) },
          { id: 'p50', title: t('stress.half'), figures: true, cell: ({ time }) => inMinutes(t, time.p50) },
          {
            id: 'band',
            title: t('stress.band'),
            figures: true,
            cell: ({ time }) => `${inMinutes(t, time.p10)} – ${inMinutes(t, time.p90)}`,
          },
          { id: 'never', title: t('stress.never'), figures: true, cell: ({ time }) => `${time.never} %` },
          {
            id: 'basis',
            title: t('stress.basis'),
            cell: ({ measured, time }) =>
              measured === 0
                ? t('stress.assumed')
                : t('stress.measured', { measured, unmeasured: time.unmeasured.length, draws: time.draws }),
          },
        ]}
      />
      <p className="soft">{t('stress.rests', { version: onVersion ?? t('stress.noVersion') })}</p>
    </div>
  )
}

const inMinutes = (t: ReturnType<typeof useWords>, seconds: number | null) =>
  seconds === null ? t('stress.notWithin') : t('stress.minutes', { count: Math.round(seconds / 60) })

const harmColumns = (t: ReturnType<typeof useWords>) =>
  (['untold', 'uncovered', 'headless', 'inquorate'] as const).map((id) => ({
    id,
    title: t(`stress.harm.${id}`),
    figures: true,
    cell: (row: Found['singles'][number] | NonNullable<Found['pairs']>['worst'][number]) => row[id],
    sort: (row: Found['singles'][number] | NonNullable<Found['pairs']>['worst'][number]) => row[id],
  }))
