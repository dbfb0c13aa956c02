import { useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { Choices, Select, TextArea, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { useAddress } from '#core/web/navigation.tsx'
import { Section } from '#core/web/page.tsx'
import { worldNow } from '#core/web/time.ts'
import { useWords } from '#core/web/words.ts'
import { ForIncident } from './incident.tsx'
import { askForInformation, postsToAsk } from '../contract.ts'

const minutes = ['30', '120', '1440', '4320'] as const

/** One post of the agency by name; whoever is on duty there otherwise. */
function Posts({ agencyId }: { agencyId: string }) {
  const t = useWords('sharing')
  const { data } = useQueryOf(postsToAsk, { agencyId })
  return (
    <Select
      name="toPostId"
      label={t('request.post')}
      help={t('request.postHelp')}
      choices={(data?.posts ?? []).map(({ id, title }) => ({ id, words: title }))}
    />
  )
}

/** Three fields and a time; the rest can be opened. What was written stays until it was sent. */
export function Ask({ agencies, first }: { agencies: readonly { id: string; name: string }[]; first: boolean }) {
  const t = useWords('sharing')
  const { incident } = useAddress<{ incident: string }>()
  const ask = useCommandOf(askForInformation, { changes: ['sharing.requests'] })
  const [toAgencyId, choose] = useState('')
  const [round, next] = useState(0)
  const send = async ({ what = '', why = '', within = '120', toPostId, duty }: Record<string, string>) => {
    const neededBy = new Date(worldNow().getTime() + Number(within) * 60_000).toISOString()
    const named = {
      ...(toPostId ? { toPostId } : {}),
      ...(duty ? { duty } : {}),
      ...(incident === undefined ? {} : { incidentId: incident }),
    }
    if ((await ask.run({ toAgencyId, what, why, neededBy, ...named })).state !== 'done') return
    choose('')
    next(round + 1)
  }
  return (
    <Section title={t('request.ask')}>
      {ask.output ? <p role="status">{t('request.asked')}</p> : null}
      <Form key={round} label={t('request.ask')} problem={ask.problem} onSubmit={(values) => void send(values)}>
        <ForIncident id={incident} />
        <Select
          name="toAgencyId"
          label={t('request.to')}
          required
          choices={agencies.map(({ id, name }) => ({ id, words: name }))}
          onChange={choose}
        />
        <TextArea name="what" rows={2} label={t('request.what')} help={t('request.whatHelp')} required maxLength={8000} />
        <TextArea name="why" rows={2} label={t('request.why')} required maxLength={8000} />
        <Choices
          name="within"
          label={t('request.needed')}
          required
          defaultValue="120"
          choices={minutes.map((id) => ({ id, words: t(`request.within.${id}`) }))}
        />
        <details>
          <summary>{t('request.more')}</summary>
          <div className="stack">
            {toAgencyId === '' ? null : <Posts key={toAgencyId} agencyId={toAgencyId} />}
            <TextField name="duty" label={t('request.duty')} help={t('request.dutyHelp')} maxLength={500} />
          </div>
        </details>
        <FormButtons>
          <Button type="submit" kind={first ? 'primary' : 'normal'} big busy={ask.state === 'sending'}>
            {t('request.send')}
          </Button>
        </FormButtons>
      </Form>
    </Section>
  )
}
