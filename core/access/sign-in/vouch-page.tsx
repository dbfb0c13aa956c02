import { useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { callQuery } from '#core/web/client.ts'
import { useDoing } from '#core/web/doing.ts'
import { TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { PageHead, Section } from '#core/web/page.tsx'
import { Problem } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'
import { plea, self, vouch } from './contract.ts'
import { Confirm } from './parts/confirm.tsx'

interface Asked {
  code: string
  personId: string
  name: string
}

/** A colleague rings at 03:00 without a passkey: look up the code, and say that you know the voice. */
export function Page() {
  const t = useWords('access')
  const [asked, setAsked] = useState<Asked | null>(null)
  const { data, refetch } = useQueryOf(self, {})
  const look = useDoing(async (code: string) => setAsked({ code, ...(await callQuery(plea, { code })) }))
  const given = useCommandOf(vouch)
  const strong = data?.session.strongUntil != null
  return (
    <div className="page">
      <PageHead title={t('title.vouch')} lead={t('vouch.lead')} />
      {strong || !data ? null : (
        <Section title={t('ways.notStrong')}>
          <p className="prose">{t('vouch.confirmFirst')}</p>
          <Confirm onDone={() => void refetch()} />
        </Section>
      )}
      {asked === null ? (
        <Form label={t('title.vouch')} problem={look.problem} onSubmit={(values) => void look.run(values.code ?? '')}>
          <TextField
            name="code"
            label={t('vouch.code')}
            help={t('vouch.codeHelp')}
            autoComplete="off"
            required
            maxLength={20}
            disabled={!strong}
          />
          <FormButtons>
            <Button type="submit" kind="primary" busy={look.busy} isDisabled={!strong}>
              {t('vouch.look')}
            </Button>
          </FormButtons>
        </Form>
      ) : (
        <Section title={t('vouch.who', { name: asked.name })}>
          <p className="prose">{t('vouch.sure')}</p>
          {given.problem ? <Problem problem={given.problem} /> : null}
          <p className="prose" role="status">
            {given.output ? t(`vouch.${given.output.stillNeeded}`, { name: asked.name }) : ''}
          </p>
          {given.output ? null : (
            <FormButtons>
              <Button
                kind="primary"
                busy={given.state === 'sending'}
                onPress={() => void given.run({ code: asked.code, personId: asked.personId })}
              >
                {t('vouch.yes', { name: asked.name })}
              </Button>
              <Button onPress={() => setAsked(null)}>{t('vouch.no')}</Button>
            </FormButtons>
          )}
        </Section>
      )}
    </div>
  )
}
