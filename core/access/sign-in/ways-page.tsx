import { useQueryClient } from '@tanstack/react-query'
import { Button } from '#core/web/button.tsx'
import { newKey, sendCommand } from '#core/web/client.ts'
import { useDoing } from '#core/web/doing.ts'
import { Choices } from '#core/web/fields.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Link } from '#core/web/navigation.tsx'
import { Facts, PageHead, Section } from '#core/web/page.tsx'
import { Problem, Waiting } from '#core/web/problem.tsx'
import { moment } from '#core/web/time.ts'
import { useWords } from '#core/web/words.ts'
import { chooseLanguage, choosePost, self, ways } from './contract.ts'
import { DuressPasskeys } from '../duress/passkeys.tsx'
import { Confirm } from './parts/confirm.tsx'
import { Notes } from './parts/notes.tsx'
import { Passkeys } from './parts/passkeys.tsx'
import { Sessions } from './parts/sessions.tsx'
import { Tokens } from './parts/tokens.tsx'

const none = 'none'

/** One's own page: who I am here, in which post, with which keys, and where I am signed in. */
export function Page() {
  const t = useWords('access')
  const client = useQueryClient()
  const me = useQueryOf(self, {})
  const own = useQueryOf(ways, {})
  const choose = useCommandOf(choosePost)
  const speak = useCommandOf(chooseLanguage)
  const leave = useDoing(async () => {
    await sendCommand('/api/sign-in/out', {}, newKey())
    location.assign('/sign-in')
  })
  const again = () => void client.invalidateQueries()
  const problem = me.error ?? own.error
  if (problem && (!me.data || !own.data)) {
    return (
      <div className="page">
        <Problem problem={problem} onRetry={again} />
      </div>
    )
  }
  if (!me.data || !own.data) {
    return (
      <div className="page">
        <Waiting />
      </div>
    )
  }
  const { person, posts, post, session, language, kinds } = me.data
  const refused = choose.problem ?? speak.problem ?? leave.problem
  return (
    <div className="page">
      <PageHead
        title={t('title.ways')}
        lead={t('ways.lead')}
        actions={
          <>
            <Button busy={leave.busy} onPress={() => void leave.run()}>
              {t('ways.signOut')}
            </Button>
            <Link to="/access/vouch">{t('title.vouch')}</Link>
            {kinds.some((kind) => ['watch-officer', 'administrator', 'executive'].includes(kind)) ? (
              <Link to="/access/alarms">{t('title.alarms')}</Link>
            ) : null}
            {kinds.includes('administrator') ? <Link to="/access/administration">{t('title.administration')}</Link> : null}
          </>
        }
      />
      {refused ? <Problem problem={refused} /> : null}
      <Section title={person.name}>
        <Facts
          facts={[
            {
              name: t('ways.signedInBy'),
              value: `${t(`ways.how.${session.how}`)}. ${t('ways.expires', { time: moment(new Date(session.expiresAt)) })}`,
            },
            {
              name: t('ways.confirmed'),
              value: session.strongUntil ? t('ways.strong', { time: moment(new Date(session.strongUntil)) }) : t('ways.notStrong'),
            },
          ]}
        />
        {session.strongUntil || !session.hasPasskey ? null : <Confirm onDone={again} />}
        {posts.length === 0 ? (
          <p className="prose soft">{t('ways.noPosts')}</p>
        ) : (
          <Choices
            label={t('ways.post')}
            required
            value={post?.id ?? none}
            onChange={(id) => void choose.run({ postId: id === none ? null : id }).then(again)}
            choices={[
              ...posts.map((one) => ({ id: one.id, words: one.name, ...(one.agency ? { more: one.agency } : {}) })),
              { id: none, words: t('ways.noPost') },
            ]}
          />
        )}
        <Choices
          label={t('ways.language')}
          required
          value={language}
          onChange={(tag) => void speak.run({ language: tag as 'en' | 'fr' }).then(again)}
          choices={[
            { id: 'en', words: 'English' },
            { id: 'fr', words: 'Français' },
          ]}
        />
      </Section>
      <Passkeys passkeys={own.data.passkeys} sure={session.sure} onChanged={again} />
      <DuressPasskeys sure={session.sure} />
      <Sessions sessions={own.data.sessions.filter(({ kind }) => kind !== 'token')} onChanged={again} />
      <Tokens tokens={own.data.sessions.filter(({ kind }) => kind === 'token')} sure={session.sure} onChanged={again} />
      <Notes notes={own.data.notes} />
    </div>
  )
}
