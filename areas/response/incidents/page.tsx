import { Moment } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Select, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Link, useGo } from '#core/web/navigation.tsx'
import { PageHead } from '#core/web/page.tsx'
import { EmptyState, Problem, Waiting } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { useView } from '#core/web/view.ts'
import { useWords } from '#core/web/words.ts'
import { groupsToConvene, incidents, openIncident } from './contract.ts'

const nobody = 'none'

function Open() {
  const t = useWords('response')
  const go = useGo()
  const open = useCommandOf(openIncident, { changes: ['response.incidents'] })
  const { data: groups } = useQueryOf(groupsToConvene, {}, { watches: ['structure.groups', 'structure.memberships'] })
  return (
    <DialogButton words={t('incidents.open')} title={t('incidents.openTitle')}>
      {() => (
        <Form
          label={t('incidents.openTitle')}
          problem={open.problem}
          onSubmit={({ name = '', incidentType = '', jurisdiction, group = nobody }) =>
            void open
              .run({ name, incidentType, groups: group === nobody ? [] : [group], ...(jurisdiction ? { jurisdiction } : {}) })
              .then((outcome) => outcome.state === 'done' && go(`/response/centre/${outcome.output.id}`))
          }
        >
          <p className="prose soft">{t('incidents.openLead')}</p>
          <TextField name="name" label={t('incidents.nameField')} help={t('incidents.nameHelp')} required maxLength={200} />
          <TextField name="incidentType" label={t('incidents.typeField')} required maxLength={80} />
          <TextField
            name="jurisdiction"
            label={t('incidents.placeField')}
            help={t('incidents.placeHelp')}
            defaultValue="city"
            maxLength={80}
          />
          {groups && groups.length > 0 ? (
            <Select
              name="group"
              label={t('incidents.convene')}
              help={t('incidents.conveneHelp')}
              defaultValue={nobody}
              choices={[
                { id: nobody, words: t('incidents.conveneNone') },
                ...groups.map(({ id, name, core }) => ({ id, words: name, more: t('incidents.core', { count: core }) })),
              ]}
            />
          ) : null}
          <FormButtons>
            <Button type="submit" kind="primary" busy={open.state === 'sending'}>
              {t('incidents.open')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}

/** For everybody who is called: the way to the centre of what they take part in. */
export function Page() {
  const t = useWords('response')
  const go = useGo()
  const wall = useView() === 'wall'
  const { data, error, refetch } = useQueryOf(incidents, {}, { watches: ['response.incidents'] })
  const failed = error && !data
  return (
    <div className="page">
      <PageHead title={t('incidents.title')} lead={t('incidents.lead')} {...(wall ? {} : { actions: <Open /> })} />
      {failed ? <Problem problem={error} onRetry={() => void refetch()} /> : null}
      {!data && !failed ? <Waiting /> : null}
      {data ? (
        <Table
          label={t('incidents.title')}
          rows={data}
          rowId={({ id }) => id}
          onOpen={({ id }) => go(`/response/centre/${id}`)}
          columns={[
            {
              id: 'name',
              title: t('incidents.name'),
              names: true,
              text: ({ name }) => name,
              sort: ({ name }) => name,
              cell: ({ id, name }) => <Link to={`/response/centre/${id}`}>{name}</Link>,
            },
            {
              id: 'status',
              title: t('incidents.status'),
              cell: ({ status }) => t(`status.${status}`),
              text: ({ status }) => t(`status.${status}`),
            },
            {
              id: 'phase',
              title: t('incidents.phase'),
              cell: ({ phase }) => t(`phase.${phase}`),
              text: ({ phase }) => t(`phase.${phase}`),
            },
            {
              id: 'type',
              title: t('incidents.type'),
              cell: ({ incidentType, jurisdiction }) => `${incidentType} · ${jurisdiction}`,
              text: ({ incidentType }) => incidentType,
            },
            {
              id: 'structure',
              title: t('incidents.structure'),
              cell: ({ structureVersion }) =>
                structureVersion === null ? (
                  t('incidents.noStructure')
                ) : (
                  <Link to={`/structure/network?version=${structureVersion}`}>{t('incidents.version', { number: structureVersion })}</Link>
                ),
              text: ({ structureVersion }) => String(structureVersion ?? ''),
            },
            {
              id: 'opened',
              title: t('incidents.opened'),
              figures: true,
              sort: ({ openedAt }) => openedAt,
              cell: ({ openedAt }) => <Moment at={openedAt} />,
              text: ({ openedAt }) => openedAt,
            },
          ]}
          empty={
            <EmptyState title={t('incidents.none')}>
              <p>{t('incidents.noneMore')}</p>
            </EmptyState>
          }
        />
      ) : null}
    </div>
  )
}
