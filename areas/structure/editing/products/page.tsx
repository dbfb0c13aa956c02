import { useState } from 'react'
import { DialogButton } from '#core/web/dialog.tsx'
import { Checkbox, Select, TextField } from '#core/web/fields.tsx'
import { Form } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { Many } from '#core/web/many.tsx'
import { useWords } from '#core/web/words.ts'
import { type Network, network } from '../../network/contract.ts'
import { editing, endProduct, putProduct } from '../contract.ts'
import { Ending, Because } from '../parts/deeds.tsx'
import { Lists } from '../parts/lists.tsx'
import { chosenOf, holds, type Names, namesOf } from '../rules.ts'

const watches = ['structure.products', 'structure.product_receivers', 'structure.agencies', 'structure.media']
type Product = Network['products'][number]

const isWhole = ({ producerAgencyId, mediumId, protocol, receiverAgencyIds }: Product) =>
  producerAgencyId !== null && mediumId !== null && protocol !== null && receiverAgencyIds.length > 0

/** Information that the network needs: who makes it, who needs it, by what, under which protocol. What is missing stands out. */
export function Page() {
  const t = useWords('structure')
  const { data, error, refetch } = useQueryOf(network, {}, { watches })
  const { data: may } = useQueryOf(editing, {}, { watches })
  const ending = useCommandOf(endProduct, { changes: watches })
  const [find, look] = useState('')
  const [weak, onlyWeak] = useState(false)
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  const names = namesOf(data.network)
  const receivers = ({ receiverAgencyIds }: Product) => receiverAgencyIds.map(names.agency).filter(Boolean).toSorted().join(', ')
  const shown = data.network.products.filter(
    (product) =>
      (!weak || !isWhole(product)) && holds(find, product.name, product.code, names.agency(product.producerAgencyId), receivers(product)),
  )
  const missing = (words: string) => words || <StateWord tone="alarm">{t('products.missing')}</StateWord>
  return (
    <div className="page">
      <PageHead title={t('products.title')} lead={t('products.lead')} actions={<Lists />} />
      <Section title={t('products.all')} aside={may?.edit ? <Put network={data.network} names={names} title={t('products.add')} /> : null}>
        <div className="row">
          <TextField label={t('products.find')} type="search" value={find} onChange={look} />
          <Checkbox label={t('products.weak')} selected={weak} onChange={onlyWeak} />
        </div>
        <Table
          label={t('products.title')}
          rows={shown}
          rowId={({ id }) => id}
          alarmed={(product) => !isWhole(product)}
          columns={[
            { id: 'name', title: t('products.name'), names: true, cell: ({ name }) => name, sort: ({ name }) => name },
            {
              id: 'producer',
              title: t('products.producer'),
              cell: ({ producerAgencyId }) => missing(names.agency(producerAgencyId)),
              text: ({ producerAgencyId }) => names.agency(producerAgencyId) || t('products.missing'),
              sort: ({ producerAgencyId }) => names.agency(producerAgencyId),
            },
            { id: 'receivers', title: t('products.receivers'), cell: (product) => missing(receivers(product)), text: receivers },
            {
              id: 'medium',
              title: t('products.medium'),
              cell: ({ mediumId }) => missing(names.medium(mediumId)),
              text: ({ mediumId }) => names.medium(mediumId) || t('products.missing'),
              sort: ({ mediumId }) => names.medium(mediumId),
            },
            {
              id: 'protocol',
              title: t('products.protocol'),
              cell: ({ protocol }) => missing(protocol ?? ''),
              text: ({ protocol }) => protocol ?? t('products.missing'),
              sort: ({ protocol }) => protocol ?? '',
            },
            ...(may?.edit
              ? [
                  {
                    id: 'deeds',
                    title: t('editing.deeds'),
                    cell: (product: Product) => (
                      <span className="row">
                        <Put network={data.network} names={names} title={t('editing.change')} product={product} />
                        <Ending
                          words={t('editing.end')}
                          title={t('products.end')}
                          more={t('editing.endMore')}
                          problem={ending.problem}
                          sending={ending.state === 'sending'}
                          onEnd={(reason) => void ending.run({ productId: product.id, reason })}
                        />
                      </span>
                    ),
                  },
                ]
              : []),
          ]}
          empty={
            <EmptyState title={t('products.empty')}>
              <p>{t('products.emptyMore')}</p>
            </EmptyState>
          }
        />
      </Section>
    </div>
  )
}

function Put({ network: whole, names, title, product }: { network: Network; names: Names; title: string; product?: Product }) {
  const t = useWords('structure')
  const put = useCommandOf(putProduct, { changes: watches })
  const [chosen, choose] = useState<readonly string[]>(product?.receiverAgencyIds ?? [])
  const agencies = whole.agencies
    .map(({ id }) => ({ id, words: names.agency(id) }))
    .sort((one, other) => one.words.localeCompare(other.words))
  const none = { id: 'none', words: t('none') }
  return (
    <DialogButton words={title} title={title} {...(product === undefined ? { kind: 'primary' as const } : {})}>
      {(close) => (
        <Form
          label={title}
          problem={put.problem}
          onSubmit={(values) =>
            void put
              .run({
                code: product?.code ?? values['code'] ?? '',
                name: values['name'] ?? '',
                producerAgencyId: chosenOf(values['producerAgencyId']),
                mediumId: chosenOf(values['mediumId']),
                protocol: values['protocol'] ?? null,
                receiverAgencyIds: [...chosen],
                reason: values['reason'] ?? '',
              })
              .then((outcome) => outcome.state === 'done' && close())
          }
        >
          {product === undefined ? <TextField name="code" label={t('products.code')} help={t('products.codeHelp')} required /> : null}
          <TextField name="name" label={t('products.name')} defaultValue={product?.name ?? ''} required />
          <Select
            name="producerAgencyId"
            label={t('products.producer')}
            choices={[none, ...agencies]}
            defaultValue={product?.producerAgencyId ?? 'none'}
          />
          <Select
            name="mediumId"
            label={t('products.medium')}
            choices={[none, ...whole.media.map(({ id, name }) => ({ id, words: name }))]}
            defaultValue={product?.mediumId ?? 'none'}
          />
          <TextField
            name="protocol"
            label={t('products.protocol')}
            help={t('products.protocolHelp')}
            defaultValue={product?.protocol ?? ''}
          />
          <Many label={t('products.receivers')} choices={agencies} chosen={chosen} onChange={choose} />
          <Because title={title} sending={put.state === 'sending'} />
        </Form>
      )}
    </DialogButton>
  )
}
