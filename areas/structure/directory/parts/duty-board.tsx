import { Age } from '#core/web/age.tsx'
import { Marking } from '#core/web/badge.tsx'
import { Select } from '#core/web/fields.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { useAddress, useGo } from '#core/web/navigation.tsx'
import { Section } from '#core/web/page.tsx'
import { Problem, Waiting } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { dutyBoard, groups } from '../contract.ts'

/** Who would come for a group tonight. A raised label by rule: it shows where the city is thin. */
export function DutyBoard() {
  const t = useWords('structure')
  const { group } = useAddress<{ group: string }>()
  const go = useGo()
  const all = useQueryOf(groups, {})
  const known = all.data?.groups ?? []
  const groupId = known.find(({ id }) => id === group)?.id ?? known.find(({ tier }) => tier === 'strategic')?.id ?? known[0]?.id
  const board = useQueryOf(dutyBoard, { groupId }, { when: groupId !== undefined, watches: ['structure.holdings', 'structure.groups'] })
  const { data, error } = board
  if (all.error && !all.data) return <Problem problem={all.error} onRetry={() => void all.refetch()} />
  if (error && !data) return <Problem problem={error} />
  return (
    <div className="stack">
      <Select
        label={t('duty.group')}
        required
        choices={known.map(({ id, name, code }) => ({ id, words: name, more: code }))}
        {...(groupId === undefined ? {} : { value: groupId })}
        onChange={(id) => go(undefined, { group: id }, true)}
      />
      {data ? (
        <Section
          title={t('duty.now')}
          aside={
            <>
              <Marking text={data.marking} />
              <Age at={data.at} />
            </>
          }
        >
          <p className="prose soft">{t('duty.basis')}</p>
          <Table
            label={t('duty.title')}
            rows={data.lines}
            rowId={({ postId }) => postId}
            alarmed={({ onDuty }) => onDuty.length === 0}
            columns={[
              { id: 'post', title: t('duty.post'), cell: ({ postTitle }) => postTitle, sort: ({ postTitle }) => postTitle, names: true },
              { id: 'agency', title: t('duty.agency'), cell: ({ agencyName }) => agencyName, sort: ({ agencyName }) => agencyName },
              { id: 'part', title: t('duty.part'), cell: ({ part }) => t(`part.${part}`), sort: ({ part }) => part },
              {
                id: 'holder',
                title: t('duty.holder'),
                cell: ({ onDuty }) => {
                  const held = onDuty.filter(({ capacity }) => capacity === 'holder')
                  return held.length > 0 ? (
                    held.map(({ name }) => name).join(', ')
                  ) : (
                    <StateWord tone={onDuty.length > 0 ? 'none' : 'alarm'}>{t('duty.nobody')}</StateWord>
                  )
                },
                text: ({ onDuty }) => onDuty[0]?.name ?? t('duty.nobody'),
              },
              {
                id: 'deputies',
                title: t('duty.deputies'),
                cell: ({ onDuty }) =>
                  onDuty
                    .filter(({ capacity }) => capacity === 'deputy')
                    .map(({ name }) => name)
                    .join(', ') || t('duty.noDeputy'),
              },
            ]}
          />
          {data.withoutPost.length > 0 ? <p className="soft">{t('duty.withoutPost', { agencies: data.withoutPost.join(', ') })}</p> : null}
        </Section>
      ) : (
        <Waiting />
      )}
    </div>
  )
}
