import { useState } from 'react'
import { Moment } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { newKey, sendCommand } from '#core/web/client.ts'
import { useDoing } from '#core/web/doing.ts'
import { TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Link } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { NotYet, Problem } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { useWords } from '#core/web/words.ts'
import { self } from '../sign-in/contract.ts'
import { Confirm } from '../sign-in/parts/confirm.tsx'
import '../sign-in/sign-in.css'
import { endProvisioner, provisioners } from './contract.ts'

const dayLong = 86_400_000

/** For administrators: tokens with which identity providers open and close accounts. Made here, shown once, ended here. */
export function Page() {
  const t = useWords('access')
  const me = useQueryOf(self, {})
  const known = useQueryOf(provisioners, {})
  const end = useCommandOf(endProvisioner)
  const [shown, show] = useState<string | null>(null)
  const make = useDoing(async (name: string, days: number) => {
    const expiresAt = new Date(Date.now() + days * dayLong).toISOString()
    const { token } = (await sendCommand('/api/sign-in/provisioner', { name, expiresAt }, newKey())) as { token: string }
    show(token)
    await known.refetch()
  })
  if (!known.data || !me.data) return <NotYet problem={known.error ?? me.error} onRetry={() => void known.refetch()} />
  const { sure, hasPasskey } = me.data.session
  return (
    <div className="page">
      <PageHead
        title={t('title.provisioners')}
        lead={t('provisioners.lead')}
        actions={<Link to="/access/administration">{t('title.administration')}</Link>}
      />
      <Section title={t('provisioners.now')}>
        {end.problem ? <Problem problem={end.problem} /> : null}
        <Table
          label={t('provisioners.now')}
          rows={known.data.provisioners}
          rowId={({ id }) => id}
          columns={[
            { id: 'name', title: t('provisioners.name'), names: true, cell: ({ name }) => name, sort: ({ name }) => name },
            { id: 'made', title: t('ways.added'), cell: ({ madeAt }) => <Moment at={madeAt} />, sort: ({ madeAt }) => madeAt },
            {
              id: 'used',
              title: t('ways.used'),
              cell: ({ usedAt }) => (usedAt === null ? t('ways.neverUsed') : <Moment at={usedAt} />),
              sort: ({ usedAt }) => usedAt ?? '',
            },
            { id: 'ends', title: t('ways.ends'), cell: ({ expiresAt }) => <Moment at={expiresAt} />, sort: ({ expiresAt }) => expiresAt },
            {
              id: 'end',
              title: t('ways.end'),
              cell: ({ id, name }) => (
                <Button
                  aria-label={`${t('ways.end')}: ${name}`}
                  onPress={() => void end.run({ provisionerId: id }).then(() => known.refetch())}
                >
                  {t('ways.end')}
                </Button>
              ),
            },
          ]}
          empty={<p className="soft">{t('provisioners.none')}</p>}
        />
      </Section>
      <Section title={t('provisioners.make')}>
        <div role="status">
          {shown === null ? null : (
            <>
              <p>{t('ways.tokenOnce')}</p>
              <p className="sign-in-token">
                <code>{shown}</code>
              </p>
              <p className="prose soft">{t('provisioners.where', { address: `${location.origin}/scim/v2` })}</p>
            </>
          )}
        </div>
        {sure ? null : (
          <>
            <p className="prose">{t(hasPasskey ? 'provisioners.confirm' : 'provisioners.again')}</p>
            {hasPasskey ? <Confirm onDone={() => void me.refetch()} /> : null}
          </>
        )}
        <Form
          label={t('provisioners.make')}
          problem={make.problem}
          onSubmit={({ name = '', days = '90' }) => void make.run(name, Number(days))}
        >
          <TextField
            name="name"
            label={t('provisioners.name')}
            help={t('provisioners.nameHelp')}
            required
            maxLength={200}
            disabled={!sure}
          />
          <TextField
            name="days"
            label={t('ways.tokenDays')}
            help={t('provisioners.daysHelp')}
            type="number"
            defaultValue="90"
            required
            disabled={!sure}
          />
          <FormButtons>
            <Button type="submit" kind="primary" busy={make.busy} isDisabled={!sure}>
              {t('ways.makeToken')}
            </Button>
          </FormButtons>
        </Form>
      </Section>
    </div>
  )
}
