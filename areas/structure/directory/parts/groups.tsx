import { Badge } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { Link, useAddress, useGo } from '#core/web/navigation.tsx'
import { Facts, Section } from '#core/web/page.tsx'
import { EmptyState, Problem, Waiting } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { useLanguage, useWords } from '#core/web/words.ts'
import { groups } from '../contract.ts'

/** Groups; one of them opened: who chairs and serves it, its quorum, its members and on what basis. */
export function Groups() {
  const t = useWords('structure')
  const language = useLanguage()
  const { group: open } = useAddress<{ group: string }>()
  const go = useGo()
  const { data, error, refetch } = useQueryOf(groups, {}, { watches: ['structure.groups', 'structure.memberships'] })
  if (error && !data) return <Problem problem={error} onRetry={() => void refetch()} />
  if (!data) return <Waiting />
  const nameOf = ({ name, nameFr }: { name: string; nameFr: string | null }) => (language.startsWith('fr') ? (nameFr ?? name) : name)
  const coreOf = ({ members }: { members: ReadonlyArray<{ kind: string }> }) => members.filter(({ kind }) => kind === 'core').length
  const opened = data.groups.find(({ id }) => id === open)
  return (
    <div className="stack">
      {opened ? (
        <Section title={nameOf(opened)} aside={<Button onPress={() => go(undefined, { tab: 'duty' })}>{t('groups.tonight')}</Button>}>
          <Facts
            facts={[
              { name: t('groups.purpose'), value: opened.purpose || t('none') },
              { name: t('groups.authority'), value: opened.authority || t('none') },
              { name: t('groups.convening'), value: opened.convening || t('none') },
              { name: t('groups.chair'), value: opened.chairTitle ?? t('groups.noChair') },
              { name: t('groups.deputyChair'), value: opened.deputyChairTitle ?? t('none') },
              { name: t('groups.secretariat'), value: opened.secretariatTitle ?? t('none') },
              {
                name: t('groups.quorum'),
                value: opened.quorum === null ? t('none') : t('groups.quorumOf', { quorum: opened.quorum, core: coreOf(opened) }),
              },
            ]}
          />
          <Table
            label={t('groups.members')}
            rows={opened.members}
            rowId={({ agencyId }) => agencyId}
            columns={[
              {
                id: 'agency',
                title: t('groups.agency'),
                cell: ({ agencyName }) => agencyName,
                sort: ({ agencyName }) => agencyName,
                names: true,
              },
              { id: 'kind', title: t('groups.kind'), cell: ({ kind }) => t(`standing.${kind}`), sort: ({ kind }) => kind },
              {
                id: 'basis',
                title: t('groups.basis'),
                cell: ({ basis, derived }) => (
                  <span className="row">
                    {basis}
                    {derived ? <Badge>{t('derived')}</Badge> : null}
                  </span>
                ),
                text: ({ basis }) => basis,
              },
            ]}
          />
        </Section>
      ) : null}
      <Table
        label={t('groups.title')}
        rows={data.groups}
        rowId={({ id }) => id}
        onOpen={({ id }) => go(undefined, { group: id })}
        columns={[
          { id: 'name', title: t('groups.name'), cell: nameOf, sort: nameOf, names: true },
          { id: 'tier', title: t('groups.tier'), cell: ({ tier }) => t(`tier.${tier}`), sort: ({ tier }) => tier },
          { id: 'chair', title: t('groups.chair'), cell: ({ chairTitle }) => chairTitle ?? t('groups.noChair') },
          {
            id: 'members',
            title: t('groups.members'),
            cell: ({ members }) => members.length,
            sort: ({ members }) => members.length,
            figures: true,
          },
          {
            id: 'quorum',
            title: t('groups.quorum'),
            cell: (group) => (group.quorum === null ? t('none') : t('groups.quorumOf', { quorum: group.quorum, core: coreOf(group) })),
            sort: ({ quorum }) => quorum ?? 0,
          },
        ]}
        empty={
          <EmptyState level={2} title={t('groups.empty')} action={<Link to="/structure/import">{t('import.title')}</Link>}>
            <p>{t('groups.emptyMore')}</p>
          </EmptyState>
        }
      />
    </div>
  )
}
