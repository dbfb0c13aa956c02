import { DialogButton } from '#core/web/dialog.tsx'
import { TextArea, TextField } from '#core/web/fields.tsx'
import { Form } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { type Network, network } from '../../network/contract.ts'
import { editing, putMedium } from '../contract.ts'
import { Because } from '../parts/deeds.tsx'
import { Lists } from '../parts/lists.tsx'

const watches = ['structure.media', 'structure.links']
type Medium = Network['media'][number]

/** By what people tell each other, and what fails with it: media that fail together are no backup for each other. */
export function Page() {
  const t = useWords('structure')
  const { data, error, refetch } = useQueryOf(network, {}, { watches })
  const { data: may } = useQueryOf(editing, {}, { watches })
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  const { media, links } = data.network
  const uses = ({ id }: Medium) => links.filter((link) => link.primaryMediumId === id || link.backupMediumId === id).length
  const shares = ({ id, dependsOn }: Medium) =>
    media
      .filter((other) => other.id !== id && other.dependsOn.some((one) => dependsOn.includes(one)))
      .map(({ name }) => name)
      .join(', ') || t('media.alone')
  return (
    <div className="page">
      <PageHead title={t('media.title')} lead={t('media.lead')} actions={<Lists />} />
      <Section title={t('media.all')} aside={may?.edit ? <Put title={t('media.add')} /> : null}>
        <Table
          label={t('media.title')}
          rows={media}
          rowId={({ id }) => id}
          columns={[
            { id: 'name', title: t('media.name'), names: true, cell: ({ name }) => name, sort: ({ name }) => name },
            { id: 'depends', title: t('media.dependsOn'), cell: ({ dependsOn }) => dependsOn.join(', ') || t('media.nothing') },
            { id: 'shares', title: t('media.shares'), cell: shares },
            { id: 'links', title: t('media.links'), figures: true, cell: uses, sort: uses },
            ...(may?.edit
              ? [
                  {
                    id: 'deeds',
                    title: t('editing.deeds'),
                    cell: (medium: Medium) => <Put title={t('editing.change')} medium={medium} />,
                  },
                ]
              : []),
          ]}
          empty={
            <EmptyState title={t('media.empty')}>
              <p>{t('media.emptyMore')}</p>
            </EmptyState>
          }
        />
      </Section>
    </div>
  )
}

function Put({ title, medium }: { title: string; medium?: Medium }) {
  const t = useWords('structure')
  const put = useCommandOf(putMedium, { changes: watches })
  return (
    <DialogButton words={title} title={title} {...(medium === undefined ? { kind: 'primary' as const } : {})}>
      {(close) => (
        <Form
          label={title}
          problem={put.problem}
          onSubmit={({ code = '', name = '', dependsOn = '', reason = '' }) =>
            void put
              .run({ code: medium?.code ?? code, name, dependsOn: dependsOn.split(/[\s,;]+/).filter(Boolean), reason })
              .then((outcome) => outcome.state === 'done' && close())
          }
        >
          {medium === undefined ? <TextField name="code" label={t('media.code')} help={t('media.codeHelp')} required /> : null}
          <TextField name="name" label={t('media.name')} defaultValue={medium?.name ?? ''} required />
          <TextArea
            name="dependsOn"
            label={t('media.dependsOn')}
            help={t('media.dependsHelp')}
            rows={3}
            defaultValue={medium?.dependsOn.join('\n') ?? ''}
          />
          <Because title={title} sending={put.state === 'sending'} />
        </Form>
      )}
    </DialogButton>
  )
}
