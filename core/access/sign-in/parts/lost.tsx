import { useEffect, useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { newKey, sendCommand } from '#core/web/client.ts'
import { useDoing } from '#core/web/doing.ts'
import { TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { Section } from '#core/web/page.tsx'
import { hourMinute } from '#core/web/time.ts'
import { useWords } from '#core/web/words.ts'
import '../sign-in.css'

interface Plea {
  code: string
  key: string
  path: string
  expiresAt: string
}

/** A passkey lost at 03:00: a code for the telephone, and the way in once two colleagues have vouched. */
export function Lost() {
  const t = useWords('access')
  const [plea, setPlea] = useState<Plea | null>(null)
  const ask = useDoing(async (mail: string) => setPlea((await sendCommand('/api/sign-in/plea', { mail }, newKey())) as Plea))
  return (
    <Section title={t('lost.title')}>
      <p className="prose soft">{t('lost.lead')}</p>
      {plea === null ? (
        <Form label={t('lost.title')} problem={ask.problem} onSubmit={(values) => void ask.run(values.mail ?? '')}>
          <TextField name="mail" type="email" autoComplete="email" label={t('signIn.mail')} required />
          <FormButtons>
            <Button type="submit" busy={ask.busy}>
              {t('lost.ask')}
            </Button>
          </FormButtons>
        </Form>
      ) : (
        <Pleading plea={plea} />
      )}
    </Section>
  )
}

const askEvery = 5_000

function Pleading({ plea }: { plea: Plea }) {
  const t = useWords('access')
  const [ready, setReady] = useState(false)
  useEffect(() => {
    if (ready) return undefined
    const timer = setInterval(() => {
      void sendCommand('/api/sign-in/plea/state', { key: plea.key }, newKey())
        .then((state) => setReady((state as { ready: boolean }).ready))
        .catch(() => {})
    }, askEvery)
    return () => clearInterval(timer)
  }, [plea.key, ready])
  return (
    <>
      <h3>{t('lost.code')}</h3>
      <p className="sign-in-code">{plea.code}</p>
      <p className="prose">{t('lost.how')}</p>
      <p className="soft">{t('lost.until', { time: hourMinute(new Date(plea.expiresAt)) })}</p>
      <p role="status">{t(ready ? 'lost.ready' : 'lost.waiting')}</p>
      {ready ? (
        <form method="post" action={plea.path}>
          <Button type="submit" kind="primary">
            {t('lost.go')}
          </Button>
        </form>
      ) : null}
    </>
  )
}
