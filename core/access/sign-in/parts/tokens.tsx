import { useState } from 'react'
import { Moment } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { newKey, sendCommand } from '#core/web/client.ts'
import { useDoing } from '#core/web/doing.ts'
import { TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { Section } from '#core/web/page.tsx'
import { Problem } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { endSession, type Session } from '../contract.ts'
import '../sign-in.css'

const dayLong = 86_400_000

/** Tokens with which a program acts as me: made here, shown once, ended here. */
export function Tokens({ tokens, sure, onChanged }: { tokens: readonly Session[]; sure: boolean; onChanged: () => void }) {
  const t = useWords('access')
  const [shown, show] = useState<string | null>(null)
  const end = useCommandOf(endSession)
  const make = useDoing(async (name: string, days: number) => {
    const expiresAt = new Date(Date.now() + days * dayLong).toISOString()
    const { token } = (await sendCommand('/api/sign-in/token', { name, expiresAt }, newKey())) as { token: string }
    show(token)
    onChanged()
  })
  return (
    <Section title={t('ways.tokens')}>
      <p className="prose soft">{t('ways.tokensLead')}</p>
      {end.problem ? <Problem problem={end.problem} /> : null}
      <Table
        label={t('ways.tokens')}
        rows={tokens}
        rowId={({ id }) => id}
        columns={[
          { id: 'name', title: t('ways.name'), cell: ({ name }) => name, sort: ({ name }) => name },
          { id: 'seen', title: t('ways.seen'), cell: ({ seenAt }) => <Moment at={seenAt} />, text: ({ seenAt }) => seenAt },
          { id: 'ends', title: t('ways.ends'), cell: ({ expiresAt }) => <Moment at={expiresAt} />, text: ({ expiresAt }) => expiresAt },
          {
            id: 'end',
            title: t('ways.end'),
            cell: ({ id, name }) => (
              <Button aria-label={`${t('ways.end')}: ${name}`} onPress={() => void end.run({ id }).then(onChanged)}>
                {t('ways.end')}
              </Button>
            ),
            text: ({ name }) => name,
          },
        ]}
        empty={<p className="soft">{t('ways.tokensNone')}</p>}
      />
      <div role="status">
        {shown === null ? null : (
          <>
            <p>{t('ways.tokenOnce')}</p>
            <p className="sign-in-token">
              <code>{shown}</code>
            </p>
          </>
        )}
      </div>
      <Form label={t('ways.makeToken')} problem={make.problem} onSubmit={({ name = '', days = '30' }) => void make.run(name, Number(days))}>
        <TextField name="name" label={t('ways.tokenName')} required maxLength={80} disabled={!sure} />
        <TextField name="days" label={t('ways.tokenDays')} inputMode="numeric" defaultValue="30" required disabled={!sure} />
        <FormButtons>
          <Button type="submit" busy={make.busy} isDisabled={!sure}>
            {t('ways.makeToken')}
          </Button>
        </FormButtons>
      </Form>
    </Section>
  )
}
