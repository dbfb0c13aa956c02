import { useState } from 'react'
import { pack } from '#core/record/pack/contract.ts'
import { Confirm } from '#core/access/sign-in/parts/confirm.tsx'
import { Button } from '#core/web/button.tsx'
import { Choices, Select, TextArea, TextField, TimeField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Section } from '#core/web/page.tsx'
import { useWords } from '#core/web/words.ts'
import { packReceivers } from '../contract.ts'
import { newPassphrase } from '../rules.ts'

/** For whom, why, with what; and the words that open it, which Concord does not keep. */
export function MakePack({
  incidentId,
  all,
  strong,
  onConfirmed,
}: {
  incidentId: string
  all: boolean
  strong: boolean
  onConfirmed: () => void
}) {
  const t = useWords('response')
  const make = useCommandOf(pack, { changes: ['record.packs'] })
  const [reach, setReach] = useState(all ? 'all' : 'members')
  const { data } = useQueryOf(packReceivers, {}, { when: reach === 'agency' })
  const [passphrase, setPassphrase] = useState(() => newPassphrase(crypto.getRandomValues(new Uint8Array(24))))
  const [round, next] = useState(0)
  const [said, say] = useState('')
  const send = async (values: Record<string, string>) => {
    const { receiver = '', purpose = '', authority = '', agencyId, withheld, publicKey, days = '7', personId, at } = values
    const outcome = await make.run({
      thread: incidentId,
      receiver,
      purpose,
      authority,
      reach: reach as 'all' | 'members' | 'agency',
      withheld: withheld === 'stubs' ? 'stubs' : 'absent',
      days: Number(days),
      language: document.documentElement.lang.startsWith('fr') ? 'fr' : 'en',
      ...(reach === 'agency' && agencyId ? { agencyId } : {}),
      ...(publicKey ? { publicKey } : { passphrase }),
      ...(personId && at ? { pictures: [{ personId, at }] } : {}),
    })
    if (outcome.state !== 'done') return
    say(publicKey ? '' : passphrase)
    setPassphrase(newPassphrase(crypto.getRandomValues(new Uint8Array(24))))
    next(round + 1)
  }
  return (
    <Section title={t('pack.make')}>
      {make.output ? <p role="status">{said === '' ? t('pack.begunKey') : t('pack.begun', { passphrase: said })}</p> : null}
      {strong ? null : (
        <>
          <p className="prose">{t('pack.confirmFirst')}</p>
          <Confirm onDone={onConfirmed} />
        </>
      )}
      <Form key={round} label={t('pack.make')} problem={make.problem} onSubmit={(values) => void send(values)}>
        <TextField name="receiver" label={t('pack.receiver')} required maxLength={200} />
        <TextArea name="purpose" rows={2} label={t('pack.purpose')} required maxLength={2000} />
        <TextField name="authority" label={t('pack.authority')} help={t('pack.authorityHelp')} required maxLength={500} />
        <Choices
          name="reach"
          label={t('pack.whatFor')}
          required
          value={reach}
          onChange={setReach}
          choices={[...(all ? ['all'] : []), 'members', 'agency'].map((id) => ({ id, words: t(`pack.reachOf.${id}`) }))}
        />
        {reach === 'agency' ? (
          <Select
            name="agencyId"
            label={t('pack.agency')}
            required
            choices={(data?.agencies ?? []).map(({ id, name }) => ({ id, words: name }))}
          />
        ) : null}
        {all && reach !== 'all' ? (
          <Choices
            name="withheld"
            label={t('pack.withheld')}
            required
            defaultValue="absent"
            choices={['absent', 'stubs'].map((id) => ({ id, words: t(`pack.withheldOf.${id}`) }))}
          />
        ) : null}
        {all ? (
          <>
            <TextField name="personId" label={t('pack.picturePerson')} help={t('pack.pictureHelp')} />
            <TimeField name="at" label={t('pack.pictureAt')} />
          </>
        ) : null}
        <TextField
          name="passphrase"
          label={t('pack.passphrase')}
          help={t('pack.passphraseHelp')}
          value={passphrase}
          onChange={setPassphrase}
          maxLength={500}
          autoComplete="off"
        />
        <TextArea name="publicKey" rows={2} label={t('pack.publicKey')} help={t('pack.publicKeyHelp')} maxLength={4000} />
        <TextField
          name="days"
          type="number"
          inputMode="numeric"
          label={t('pack.days')}
          help={t('pack.daysHelp')}
          defaultValue="7"
          required
        />
        <FormButtons>
          <Button type="submit" kind="primary" busy={make.state === 'sending'}>
            {t('pack.makeNow')}
          </Button>
        </FormButtons>
      </Form>
    </Section>
  )
}
