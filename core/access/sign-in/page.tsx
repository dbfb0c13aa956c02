import { useEffect, useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { newKey, sendCommand } from '#core/web/client.ts'
import { TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useAddress } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { knowsPasskeys, signInWithPasskey } from '#core/web/passkey.ts'
import { asProblem, ProblemError } from '#core/web/problem-error.ts'
import { Problem } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'
import { Lost } from './parts/lost.tsx'
import { useDoing } from '#core/web/doing.ts'
import { safeThen } from './rules.ts'

/** The way in: passkey first, then a link by mail, a provider where the city has one, and two colleagues when everything else is lost. */
export function Page() {
  const t = useWords('access')
  const { after } = useAddress<{ after: string }>()
  const [provider, setProvider] = useState<string | null>(null)
  useEffect(() => {
    void fetch('/api/sign-in/ways')
      .then((answer) => answer.json() as Promise<{ provider: string | null }>)
      .then((ways) => setProvider(ways.provider))
      .catch(() => {})
  }, [])
  const passkey = useDoing(async () => {
    if (!knowsPasskeys()) throw new ProblemError('unavailable', t('signIn.unsupported'))
    await signInWithPasskey().catch((error: unknown) => {
      const problem = asProblem(error)
      throw problem.detail === '' && problem.kind === 'not-allowed' ? new ProblemError('not-allowed', t('signIn.cancelled')) : problem
    })
    location.assign(safeThen(after))
  })
  const outside = useDoing(async () => {
    const { url } = (await sendCommand('/api/sign-in/provider', { after: safeThen(after) }, newKey())) as { url: string }
    location.assign(url)
  })
  return (
    <div className="page">
      <PageHead
        title={t('title.signIn')}
        lead={t('signIn.lead')}
        actions={
          <>
            <Button kind="primary" busy={passkey.busy} onPress={() => void passkey.run()}>
              {t('signIn.passkey')}
            </Button>
            {provider === null ? null : (
              <Button busy={outside.busy} onPress={() => void outside.run()}>
                {t('signIn.provider', { name: provider })}
              </Button>
            )}
          </>
        }
      />
      <p className="prose soft">{t('signIn.passkeyLead')}</p>
      {passkey.problem ? <Problem problem={passkey.problem} /> : null}
      {outside.problem ? <Problem problem={outside.problem} /> : null}
      <LinkForm />
      <Lost />
    </div>
  )
}

function LinkForm() {
  const t = useWords('access')
  const [sent, setSent] = useState(false)
  const ask = useDoing(async (mail: string) => {
    await sendCommand('/api/sign-in/link', { mail }, newKey())
    setSent(true)
  })
  return (
    <Section title={t('signIn.link')}>
      <p className="prose soft">{t('signIn.linkLead')}</p>
      <Form label={t('signIn.link')} problem={ask.problem} onSubmit={(values) => void ask.run(values.mail ?? '')}>
        <TextField name="mail" type="email" autoComplete="email" label={t('signIn.mail')} required />
        <FormButtons>
          <Button type="submit" busy={ask.busy}>
            {t('signIn.send')}
          </Button>
        </FormButtons>
      </Form>
      <p className="prose" role="status">
        {sent ? t('signIn.sent') : ''}
      </p>
    </Section>
  )
}
