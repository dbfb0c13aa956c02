import { Moment } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { Section } from '#core/web/page.tsx'
import { Problem } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { endSession, endSessions, type Session } from '../contract.ts'

/** Where I am signed in; each can be ended from here, and all others at once when a telephone is gone. */
export function Sessions({ sessions, onChanged }: { sessions: readonly Session[]; onChanged: () => void }) {
  const t = useWords('access')
  const end = useCommandOf(endSession)
  const endAll = useCommandOf(endSessions)
  const refused = end.problem ?? endAll.problem
  return (
    <Section
      title={t('ways.sessions')}
      aside={
        <Button busy={endAll.state === 'sending'} onPress={() => void endAll.run({}).then(onChanged)}>
          {t('ways.endAll')}
        </Button>
      }
    >
      {refused ? <Problem problem={refused} /> : null}
      <Table
        label={t('ways.sessions')}
        rows={sessions}
        rowId={({ id }) => id}
        columns={[
          {
            id: 'name',
            title: t('ways.name'),
            cell: (one) => (one.this ? `${one.name || '?'} (${t('ways.this')})` : one.name || '?'),
            sort: ({ name }) => name,
          },
          { id: 'how', title: t('title.signIn'), cell: ({ how }) => t(`ways.how.${how}`), text: ({ how }) => how },
          { id: 'opened', title: t('ways.opened'), cell: ({ openedAt }) => <Moment at={openedAt} />, text: ({ openedAt }) => openedAt },
          { id: 'seen', title: t('ways.seen'), cell: ({ seenAt }) => <Moment at={seenAt} />, text: ({ seenAt }) => seenAt },
          {
            id: 'end',
            title: t('ways.end'),
            cell: (one) =>
              one.this ? (
                t('ways.this')
              ) : (
                <Button aria-label={`${t('ways.end')}: ${one.name}`} onPress={() => void end.run({ id: one.id }).then(onChanged)}>
                  {t('ways.end')}
                </Button>
              ),
            text: ({ id }) => id,
          },
        ]}
      />
    </Section>
  )
}
