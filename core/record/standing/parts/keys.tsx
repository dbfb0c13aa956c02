import { Moment } from '#core/web/age.tsx'
import { Section } from '#core/web/page.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { moment } from '#core/web/time.ts'
import { useWords } from '#core/web/words.ts'
import type { Key } from '../contract.ts'
import type { Standing } from './sealing.tsx'
import '../page.css'

const stateOf = (key: Key) => (key.ended === null ? 'signs' : key.signs ? 'overlap' : key.ended)

/** The keys that sign and those that signed: public, and to be compared with what one holds from elsewhere. */
export function Keys({ keys }: { keys: readonly Key[] }) {
  const t = useWords('record')
  return (
    <Section title={t('keys.title')}>
      <p className="prose soft">{t('keys.lead')}</p>
      <Table
        label={t('keys.title')}
        rows={keys}
        rowId={(key) => key.id}
        columns={[
          { id: 'id', title: t('keys.id'), cell: (key) => <code>{key.id}</code>, text: (key) => key.id },
          {
            id: 'state',
            title: t('keys.state'),
            cell: (key) => (
              <StateWord tone={key.ended === 'lost' ? 'alarm' : key.signs ? 'done' : 'none'}>{t(`keys.${stateOf(key)}`)}</StateWord>
            ),
            text: (key) => t(`keys.${stateOf(key)}`),
          },
          { id: 'from', title: t('keys.from'), cell: (key) => <Moment at={key.from} /> },
          { id: 'until', title: t('keys.until'), cell: (key) => (key.until === null ? '–' : <Moment at={key.until} />) },
          {
            id: 'public',
            title: t('keys.public'),
            cell: (key) => <code className="record-key">{key.publicKey}</code>,
            text: (key) => key.publicKey,
          },
        ]}
      />
    </Section>
  )
}

/** Every change of key in a sentence; how one is made, for whoever runs the machine. */
export function Changes({ changes, canChange }: { changes: Standing['changes']; canChange: boolean }) {
  const t = useWords('record')
  const sentence = (one: Standing['changes'][number]) =>
    t(one.doneAt === null ? 'changes.waits' : `changes.${one.kind}`, {
      at: moment(new Date(one.doneAt ?? one.askedAt), new Date()),
      from: one.oldKey,
      to: one.newKey,
      size: one.atSize,
      reason: one.reason,
    })
  return (
    <Section title={t('changes.title')}>
      {changes.length === 0 ? (
        <p>{t('changes.none')}</p>
      ) : (
        <ul className="record-changes stack">
          {changes.map((one) => (
            <li key={one.id} className="prose">
              {sentence(one)}
            </li>
          ))}
        </ul>
      )}
      {canChange ? (
        <p className="soft prose">
          {t('changes.how')} <code>concord record rotate-key --reason …</code> {t('changes.lostHow')}{' '}
          <code>concord record replace-lost-key --reason …</code>.
        </p>
      ) : null}
    </Section>
  )
}
