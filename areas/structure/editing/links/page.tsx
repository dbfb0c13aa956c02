import { useState } from 'react'
import { Age } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Checkbox, Select, TextArea, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { useAddress, useGo } from '#core/web/navigation.tsx'
import { Facts, PageHead, Section } from '#core/web/page.tsx'
import { EmptyState, NotYet, Problem } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { linkKinds, type Network, network } from '../../network/contract.ts'
import { Lists } from '../parts/lists.tsx'
import { Ending, Reason } from '../parts/deeds.tsx'
import { editing, endLink, noteLinkTest, putLink } from '../contract.ts'
import { chosenOf, endOf, holds, type Names, namesOf } from '../rules.ts'

const watches = ['structure.links', 'structure.media', 'structure.posts', 'structure.groups', 'structure.agencies']
type Link = Network['links'][number]

/** Every link as a row: who, what, whom, by which media, when it was last tried. One opened: what can be done with it. */
export function Page() {
  const t = useWords('structure')
  const { data, error, refetch } = useQueryOf(network, {}, { watches })
  const { data: may } = useQueryOf(editing, {}, { watches })
  const { link: open } = useAddress<{ link: string }>()
  const go = useGo()
  const [find, look] = useState('')
  const [weak, onlyWeak] = useState(false)
  if (!data) return <NotYet problem={error} onRetry={() => void refetch()} />
  const names = namesOf(data.network)
  const opened = data.network.links.find(({ id }) => id === open)
  const shown = data.network.links.filter(
    (link) =>
      (!weak || link.testedAt === null || link.backupMediumId === null) &&
      holds(
        find,
        names.end(link.from),
        names.end(link.to),
        t(`link.kind.${link.kind}`),
        names.medium(link.primaryMediumId),
        ...link.carries,
      ),
  )
  return (
    <div className="page">
      <PageHead title={t('links.title')} lead={t('links.lead')} actions={<Lists />} />
      {opened ? (
        <Opened
          key={opened.id}
          link={opened}
          names={names}
          network={data.network}
          edit={may?.edit ?? false}
          testable={may?.testable.includes(opened.id) ?? false}
        />
      ) : null}
      <Section title={t('links.all')} aside={may?.edit ? <Add network={data.network} names={names} /> : null}>
        <div className="row">
          <TextField label={t('links.find')} type="search" value={find} onChange={look} />
          <Checkbox label={t('links.weak')} selected={weak} onChange={onlyWeak} />
        </div>
        <Table
          label={t('links.title')}
          rows={shown}
          rowId={({ id }) => id}
          onOpen={({ id }) => go(undefined, { link: id })}
          alarmed={({ testedAt, backupMediumId }) => testedAt === null || backupMediumId === null}
          columns={[
            { id: 'from', title: t('links.from'), cell: ({ from }) => names.end(from), sort: ({ from }) => names.end(from), names: true },
            { id: 'kind', title: t('links.kind'), cell: ({ kind }) => t(`link.kind.${kind}`), sort: ({ kind }) => kind },
            { id: 'to', title: t('links.to'), cell: ({ to }) => names.end(to), sort: ({ to }) => names.end(to) },
            {
              id: 'primary',
              title: t('links.primary'),
              cell: ({ primaryMediumId }) => names.medium(primaryMediumId) || t('none'),
              sort: ({ primaryMediumId }) => names.medium(primaryMediumId),
            },
            {
              id: 'backup',
              title: t('links.backup'),
              cell: ({ backupMediumId }) =>
                backupMediumId === null ? <StateWord tone="alarm">{t('links.noBackup')}</StateWord> : names.medium(backupMediumId),
              text: ({ backupMediumId }) => names.medium(backupMediumId) || t('links.noBackup'),
            },
            { id: 'carries', title: t('links.carries'), cell: ({ carries }) => carries.join('; ') || t('none') },
            {
              id: 'tested',
              title: t('links.tested'),
              cell: ({ testedAt }) =>
                testedAt === null ? <StateWord tone="alarm">{t('links.untested')}</StateWord> : <Age at={testedAt} />,
              text: ({ testedAt }) => testedAt ?? t('links.untested'),
              sort: ({ testedAt }) => testedAt ?? '',
            },
          ]}
          empty={
            <EmptyState title={t('links.empty')}>
              <p>{t('links.emptyMore')}</p>
            </EmptyState>
          }
        />
      </Section>
    </div>
  )
}

interface Showing {
  link: Link
  names: Names
  network: Network
}

function Opened({ link, names, network: whole, edit, testable }: Showing & { edit: boolean; testable: boolean }) {
  const t = useWords('structure')
  const go = useGo()
  const test = useCommandOf(noteLinkTest, { changes: watches })
  const ending = useCommandOf(endLink, { changes: watches })
  return (
    <Section
      title={t('links.one', { from: names.end(link.from), kind: t(`link.kind.${link.kind}`), to: names.end(link.to) })}
      aside={
        <span className="row">
          {testable ? (
            <Button busy={test.state === 'sending'} onPress={() => void test.run({ linkId: link.id })}>
              {t('links.testedNow')}
            </Button>
          ) : null}
          {edit ? <Change link={link} names={names} network={whole} /> : null}
          {edit ? (
            <Ending
              title={t('links.end')}
              more={t('editing.endMore')}
              problem={ending.problem}
              sending={ending.state === 'sending'}
              onEnd={(reason) =>
                void ending.run({ linkId: link.id, reason }).then((outcome) => outcome.state === 'done' && go(undefined, { link: null }))
              }
            />
          ) : null}
          <Button onPress={() => go(undefined, { link: null })}>{t('editing.close')}</Button>
        </span>
      }
    >
      {test.problem ? <Problem problem={test.problem} /> : null}
      <p role="status">{test.state === 'done' ? t('links.noted') : ''}</p>
      <Facts
        facts={[
          { name: t('links.primary'), value: names.medium(link.primaryMediumId) || t('none') },
          { name: t('links.backup'), value: names.medium(link.backupMediumId) || t('links.noBackup') },
          { name: t('links.carries'), value: link.carries.join('; ') || t('none') },
          { name: t('links.tested'), value: link.testedAt === null ? t('links.untested') : <Age at={link.testedAt} /> },
        ]}
      />
    </Section>
  )
}

function Media({ network: whole, link }: { network: Network; link?: Link }) {
  const t = useWords('structure')
  const media = [{ id: 'none', words: t('none') }, ...whole.media.map(({ id, name }) => ({ id, words: name }))]
  return (
    <>
      <Select name="primaryMediumId" label={t('links.primary')} choices={media} defaultValue={link?.primaryMediumId ?? 'none'} />
      <Select name="backupMediumId" label={t('links.backup')} choices={media} defaultValue={link?.backupMediumId ?? 'none'} />
      <TextArea
        name="carries"
        label={t('links.carries')}
        help={t('editing.oneALine')}
        rows={3}
        defaultValue={link?.carries.join('\n') ?? ''}
      />
      <Reason />
    </>
  )
}

const wordsOf = ({ primaryMediumId, backupMediumId, carries, reason }: Record<string, string>) => ({
  primaryMediumId: chosenOf(primaryMediumId),
  backupMediumId: chosenOf(backupMediumId),
  carries: (carries ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean),
  reason: reason ?? '',
})

function Change({ link, network: whole }: Showing) {
  const t = useWords('structure')
  const put = useCommandOf(putLink, { changes: watches })
  return (
    <DialogButton words={t('editing.change')} title={t('links.change')}>
      {(close) => (
        <Form
          label={t('links.change')}
          problem={put.problem}
          onSubmit={(values) =>
            void put
              .run({ from: link.from, to: link.to, kind: link.kind, ...wordsOf(values) })
              .then((outcome) => outcome.state === 'done' && close())
          }
        >
          <p className="prose">{t('links.changeMore')}</p>
          <Media network={whole} link={link} />
          <FormButtons>
            <Button type="submit" kind="primary" busy={put.state === 'sending'}>
              {t('links.change')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}

function Add({ network: whole, names }: { network: Network; names: Names }) {
  const t = useWords('structure')
  const put = useCommandOf(putLink, { changes: watches })
  const ends = (['group', 'post', 'agency'] as const).flatMap((kind) =>
    ({ group: whole.groups, post: whole.posts, agency: whole.agencies })[kind].map(({ id }) => ({
      id: `${kind}:${id}`,
      words: names.end({ kind, id }),
      more: t(`end.${kind}`),
    })),
  )
  return (
    <DialogButton words={t('links.add')} title={t('links.add')} kind="primary">
      {(close) => (
        <Form
          label={t('links.add')}
          problem={put.problem}
          onSubmit={(values) =>
            void put
              .run({
                from: endOf(values['from'] ?? ''),
                to: endOf(values['to'] ?? ''),
                kind: (values['kind'] ?? 'informs') as Link['kind'],
                ...wordsOf(values),
              })
              .then((outcome) => outcome.state === 'done' && close())
          }
        >
          <Select name="from" label={t('links.from')} choices={ends} required />
          <Select
            name="kind"
            label={t('links.kind')}
            choices={linkKinds.map((kind) => ({ id: kind, words: t(`link.kind.${kind}`) }))}
            required
          />
          <Select name="to" label={t('links.to')} choices={ends} required />
          <Media network={whole} />
          <FormButtons>
            <Button type="submit" kind="primary" busy={put.state === 'sending'}>
              {t('links.add')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}
