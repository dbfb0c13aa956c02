import { useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { newKey, sendCommand } from '#core/web/client.ts'
import { useDoing } from '#core/web/doing.ts'
import { TextArea, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Section } from '#core/web/page.tsx'
import { Problem } from '#core/web/problem.tsx'
import { Table } from '#core/web/table.tsx'
import { hourMinute } from '#core/web/time.ts'
import { useWords } from '#core/web/words.ts'
import { devices, endDevice, self } from '../contract.ts'
import '../sign-in.css'

/** One token a line, as people write lists. */
export const linesOf = (text: string): string[] => text.split(/[\s,;]+/).filter((line) => line !== '')

/** Wall screens: enrolled here, opened once on the screen itself, ended here. */
export function Devices() {
  const t = useWords('access')
  const me = useQueryOf(self, {})
  const known = useQueryOf(devices, {})
  const end = useCommandOf(endDevice)
  const [made, setMade] = useState<{ link: string; expiresAt: string } | null>(null)
  const enrol = useDoing(async (name: string, tokens: string) => {
    setMade((await sendCommand('/api/sign-in/device', { name, tokens: linesOf(tokens) }, newKey())) as { link: string; expiresAt: string })
    await known.refetch()
  })
  const refused = known.error ?? end.problem
  return (
    <Section title={t('administration.devices')}>
      {refused ? <Problem problem={refused} /> : null}
      <Table
        label={t('administration.devices')}
        rows={known.data?.devices ?? []}
        rowId={({ id }) => id}
        columns={[
          { id: 'name', title: t('ways.name'), cell: ({ name }) => name, sort: ({ name }) => name },
          {
            id: 'state',
            title: t('administration.state'),
            cell: ({ open }) => t(open ? 'administration.open' : 'administration.notOpen'),
            text: ({ open }) => String(open),
          },
          {
            id: 'end',
            title: t('administration.end'),
            cell: ({ id, name }) => (
              <Button aria-label={`${t('administration.end')}: ${name}`} onPress={() => void end.run({ id }).then(() => known.refetch())}>
                {t('administration.end')}
              </Button>
            ),
            text: ({ name }) => name,
          },
        ]}
        empty={<p className="soft">{t('administration.devicesNone')}</p>}
      />
      <div role="status">
        {made === null ? null : (
          <>
            <p>{t('administration.enrolled', { time: hourMinute(new Date(made.expiresAt)) })}</p>
            <p className="sign-in-token">
              <code>{made.link}</code>
            </p>
          </>
        )}
      </div>
      {me.data ? (
        <Form
          label={t('administration.enrol')}
          problem={enrol.problem}
          onSubmit={({ name = '', tokens = '' }) => void enrol.run(name, tokens)}
        >
          <TextField name="name" label={t('administration.deviceName')} required maxLength={80} />
          <TextArea
            name="tokens"
            label={t('administration.deviceTokens')}
            help={t('administration.deviceTokensHelp')}
            defaultValue={`city:${me.data.city.code}`}
            required
            rows={3}
          />
          <FormButtons>
            <Button type="submit" kind="primary" busy={enrol.busy}>
              {t('administration.enrol')}
            </Button>
          </FormButtons>
        </Form>
      ) : null}
    </Section>
  )
}
