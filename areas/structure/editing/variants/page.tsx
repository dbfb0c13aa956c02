import { useState } from 'react'
import { DialogButton } from '#core/web/dialog.tsx'
import { Choices, Select, TextField } from '#core/web/fields.tsx'
import { Form } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { bands, effects, type Network, network } from '../../network/contract.ts'
import { editing, endVariant, putVariant } from '../contract.ts'
import { Ending, Because } from '../parts/deeds.tsx'
import { Lists } from '../parts/lists.tsx'
import { chosenOf, type Names, namesOf } from '../rules.ts'

const watches = ['structure.variants', 'structure.groups', 'structure.agencies', 'structure.posts']
type Variant = Network['variants'][number]

/** The same city by type of incident and time: who joins, who leaves, who chairs. */
export function Page() {
  const t = useWords('structure')
  const { data, error, refetch } = useQueryOf(network, {}, { watches })
  const { data: may } = useQueryOf(editing, {}, { watches })
  const ending = useCommandOf(endVariant, { changes: watches })
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  const names = namesOf(data.network)
  const group = ({ groupId }: Variant) => names.end({ kind: 'group', id: groupId })
  const type = (id: string) => (id === 'any' ? t('variants.anyType') : t(`attack.${id}`, { defaultValue: id }))
  const who = ({ agencyId, postId }: Variant) =>
    [names.agency(agencyId), postId === null ? '' : names.end({ kind: 'post', id: postId })].filter(Boolean).join(': ')
  return (
    <div className="page">
      <PageHead title={t('variants.title')} lead={t('variants.lead')} actions={<Lists />} />
      <Section title={t('variants.all')} aside={may?.edit ? <Put network={data.network} names={names} title={t('variants.add')} /> : null}>
        <Table
          label={t('variants.title')}
          rows={data.network.variants}
          rowId={({ id }) => id}
          columns={[
            { id: 'group', title: t('variants.group'), names: true, cell: group, sort: group },
            {
              id: 'type',
              title: t('variants.when'),
              cell: ({ incidentType }) => type(incidentType),
              sort: ({ incidentType }) => incidentType,
            },
            { id: 'band', title: t('variants.band'), cell: ({ band }) => t(`analysis.bands.${band}`), sort: ({ band }) => band },
            { id: 'who', title: t('variants.who'), cell: who, sort: who },
            { id: 'effect', title: t('variants.effect'), cell: ({ effect }) => t(`effect.${effect}`), sort: ({ effect }) => effect },
            { id: 'basis', title: t('variants.basis'), cell: ({ basis }) => basis },
            ...(may?.edit
              ? [
                  {
                    id: 'deeds',
                    title: t('editing.deeds'),
                    cell: (variant: Variant) => (
                      <Ending
                        words={t('editing.end')}
                        title={t('variants.end')}
                        more={t('editing.endMore')}
                        problem={ending.problem}
                        sending={ending.state === 'sending'}
                        onEnd={(reason) => void ending.run({ variantId: variant.id, reason })}
                      />
                    ),
                  },
                ]
              : []),
          ]}
          empty={
            <EmptyState title={t('variants.empty')}>
              <p>{t('variants.emptyMore')}</p>
            </EmptyState>
          }
        />
      </Section>
    </div>
  )
}

function Put({ network: whole, names, title }: { network: Network; names: Names; title: string }) {
  const t = useWords('structure')
  const put = useCommandOf(putVariant, { changes: watches })
  const [effect, choose] = useState<(typeof effects)[number]>('joins')
  const [agency, setAgency] = useState('')
  const sits = effect === 'joins' || effect === 'leaves'
  const none = { id: 'none', words: t('none') }
  const byWords = (one: { words: string }, other: { words: string }) => one.words.localeCompare(other.words)
  const agencies = whole.agencies.map(({ id }) => ({ id, words: names.agency(id) })).sort(byWords)
  const posts = whole.posts
    .filter(({ agencyId }) => !sits || agencyId === agency)
    .map(({ id }) => ({ id, words: names.end({ kind: 'post', id }) }))
    .sort(byWords)
  return (
    <DialogButton words={title} title={title} kind="primary">
      {(close) => (
        <Form
          label={title}
          problem={put.problem}
          onSubmit={({ groupId = '', incidentType = '', band = 'any', postId, basis = '', reason = '' }) =>
            void put
              .run({
                groupId,
                incidentType: incidentType.trim() || 'any',
                band: band as (typeof bands)[number],
                effect,
                agencyId: sits ? chosenOf(agency) : null,
                postId: chosenOf(postId),
                basis,
                reason,
              })
              .then((outcome) => outcome.state === 'done' && close())
          }
        >
          <Select name="groupId" label={t('variants.group')} required choices={whole.groups.map(({ id, name }) => ({ id, words: name }))} />
          <TextField name="incidentType" label={t('variants.when')} help={t('variants.whenHelp')} defaultValue="any" />
          <Select
            name="band"
            label={t('variants.band')}
            defaultValue="any"
            choices={bands.map((id) => ({ id, words: t(`analysis.bands.${id}`) }))}
          />
          <Choices
            label={t('variants.effect')}
            required
            value={effect}
            onChange={(id) => choose(id as typeof effect)}
            choices={effects.map((id) => ({ id, words: t(`effect.${id}`) }))}
          />
          {sits ? <Select label={t('variants.agency')} required value={agency} onChange={setAgency} choices={agencies} /> : null}
          <Select
            key={`${effect} ${agency}`}
            name="postId"
            label={t('variants.post')}
            required={!sits}
            {...(sits ? { defaultValue: 'none' } : {})}
            choices={sits ? [none, ...posts] : posts}
          />
          <TextField name="basis" label={t('variants.basis')} help={t('variants.basisHelp')} required />
          <Because title={title} sending={put.state === 'sending'} />
        </Form>
      )}
    </DialogButton>
  )
}
