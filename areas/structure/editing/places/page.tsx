import { DialogButton } from '#core/web/dialog.tsx'
import { TextField } from '#core/web/fields.tsx'
import { Form } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { type Network, network } from '../../network/contract.ts'
import { editing, putPlace } from '../contract.ts'
import { Because } from '../parts/deeds.tsx'
import { Lists } from '../parts/lists.tsx'

const watches = ['structure.places', 'structure.groups', 'structure.posts']
type Place = Network['places'][number]

/** Where groups meet and posts work, by name alone. What is lost when a place is lost hangs on it. */
export function Page() {
  const t = useWords('structure')
  const { data, error, refetch } = useQueryOf(network, {}, { watches })
  const { data: may } = useQueryOf(editing, {}, { watches })
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  const { places, groups, posts } = data.network
  const meet = ({ id }: Place) => groups.filter(({ placeId }) => placeId === id).map(({ name }) => name)
  const work = ({ id }: Place) => posts.filter(({ placeId }) => placeId === id).length
  return (
    <div className="page">
      <PageHead title={t('places.title')} lead={t('places.lead')} actions={<Lists />} />
      <Section title={t('places.all')} aside={may?.edit ? <Put title={t('places.add')} /> : null}>
        <Table
          label={t('places.title')}
          rows={places}
          rowId={({ id }) => id}
          columns={[
            { id: 'name', title: t('places.name'), names: true, cell: ({ name }) => name, sort: ({ name }) => name },
            { id: 'groups', title: t('places.groups'), cell: (place) => meet(place).join(', ') || t('none') },
            { id: 'posts', title: t('places.posts'), figures: true, cell: work, sort: work },
            ...(may?.edit
              ? [{ id: 'deeds', title: t('editing.deeds'), cell: (place: Place) => <Put title={t('editing.change')} place={place} /> }]
              : []),
          ]}
          empty={
            <EmptyState title={t('places.empty')}>
              <p>{t('places.emptyMore')}</p>
            </EmptyState>
          }
        />
      </Section>
    </div>
  )
}

function Put({ title, place }: { title: string; place?: Place }) {
  const t = useWords('structure')
  const put = useCommandOf(putPlace, { changes: watches })
  return (
    <DialogButton words={title} title={title} {...(place === undefined ? { kind: 'primary' as const } : {})}>
      {(close) => (
        <Form
          label={title}
          problem={put.problem}
          onSubmit={({ code = '', name = '', reason = '' }) =>
            void put.run({ code: place?.code ?? code, name, reason }).then((outcome) => outcome.state === 'done' && close())
          }
        >
          {place === undefined ? <TextField name="code" label={t('places.code')} help={t('places.codeHelp')} required /> : null}
          <TextField name="name" label={t('places.name')} defaultValue={place?.name ?? ''} required />
          <Because title={title} sending={put.state === 'sending'} />
        </Form>
      )}
    </DialogButton>
  )
}
