import { useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { Checkbox, Choices, Select, TextArea, TextField, TimeField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { useAddress, useGo } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { NotYet } from '#core/web/problem.tsx'
import { worldNow } from '#core/web/time.ts'
import { useWords } from '#core/web/words.ts'
import { informationKinds } from '../../contract.ts'
import { draftProtocol, type Party, protocol, protocolChoices, reviseProtocol, type Terms } from '../contract.ts'
import { Parties } from './parties.tsx'

const lines = (text: string | undefined) =>
  (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
const inMonths = (months: number) => new Date(worldNow().getTime() + months * 30 * 86_400_000).toISOString()

/** Drawing up a protocol, or its next version: eight headings, one after the other, all kept whatever happens. */
export function Page() {
  const { protocol: protocolId } = useAddress<{ protocol: string }>()
  const choices = useQueryOf(protocolChoices, {})
  return protocolId ? (
    <Revise protocolId={protocolId} agencies={choices.data?.agencies} />
  ) : choices.data ? (
    <Draw agencies={choices.data.agencies} />
  ) : (
    <NotYet problem={choices.error} onRetry={() => void choices.refetch()} />
  )
}

type Agencies = readonly { id: string; name: string; own: boolean }[]

function Revise({ protocolId, agencies }: { protocolId: string; agencies: Agencies | undefined }) {
  const { data, error, refetch } = useQueryOf(protocol, { protocolId })
  if (!data || !agencies) return <NotYet problem={error} onRetry={() => void refetch()} />
  return <Draw agencies={agencies} protocolId={protocolId} before={data.versions.at(-1)?.terms} />
}

function Draw({ agencies, protocolId, before }: { agencies: Agencies; protocolId?: string; before?: Terms | undefined }) {
  const t = useWords('sharing')
  const go = useGo()
  const draft = useCommandOf(draftProtocol)
  const revise = useCommandOf(reviseProtocol)
  const [parties, setParties] = useState<Party[]>(
    before?.parties ?? agencies.filter(({ own }) => own).map(({ id }) => ({ agencyId: id, use: [], sign: ['executive'], past: 'all' })),
  )
  const [kinds, setKinds] = useState<readonly string[]>(before?.kinds ?? ['situation'])
  const [triggers, setTriggers] = useState<readonly string[]>(before?.triggers ?? ['routine', 'emergency'])
  const [upward, setUpward] = useState(before?.upward ?? false)
  const toggled = (some: readonly string[], one: string, on: boolean) => (on ? [...some, one] : some.filter((each) => each !== one))
  const save = async (values: Record<string, string>) => {
    const terms = {
      title: values.title ?? '',
      parties,
      purposes: lines(values.purposes),
      kinds: kinds as Terms['kinds'],
      personal: { is: values.personal === 'yes', basis: values.basis ?? '', assessment: values.assessment ?? '' },
      triggers: triggers as Terms['triggers'],
      method: values.method ?? '',
      handling: values.handling ?? '',
      marking: values.marking ?? '',
      retention: values.retention ?? '',
      emergency: values.emergency ?? '',
      ...(upward ? { upward } : {}),
      onLeaving: (values.onLeaving ?? 'keeps') as Terms['onLeaving'],
      reviewAt: values.reviewAt ?? '',
      expiresAt: values.expiresAt ?? '',
      testedOn: before?.testedOn ?? null,
    }
    if (protocolId) {
      if ((await revise.run({ protocolId, terms })).state === 'done') go(`/sharing/protocols/${protocolId}`)
      return
    }
    const outcome = await draft.run({ terms })
    if (outcome.state === 'done') go(`/sharing/protocols/${outcome.output.protocolId}`)
  }
  const text = (name: 'method' | 'handling' | 'retention' | 'emergency', required = false) => (
    <TextArea
      name={name}
      rows={2}
      label={t(`terms.${name}`)}
      help={t(`terms.help.${name}`)}
      required={required}
      defaultValue={before?.[name] ?? ''}
    />
  )
  return (
    <div className="page">
      <PageHead title={t(protocolId ? 'protocol.next' : 'protocol.draw')} lead={t('protocol.drawLead')} />
      <Form label={t('protocol.draw')} problem={draft.problem ?? revise.problem} onSubmit={(values) => void save(values)}>
        <Section title={t('step.what')}>
          <TextField name="title" label={t('terms.title')} required maxLength={200} defaultValue={before?.title ?? ''} />
          <TextArea
            name="purposes"
            rows={3}
            label={t('terms.purposes')}
            help={t('terms.help.purposes')}
            required
            defaultValue={before?.purposes.join('\n') ?? ''}
          />
        </Section>
        <Section title={t('terms.parties')}>
          <Parties agencies={agencies} parties={parties} onChange={setParties} />
        </Section>
        <Section title={t('terms.kinds')}>
          <div className="choices" role="group" aria-label={t('terms.kinds')}>
            {informationKinds.map((kind) => (
              <Checkbox
                key={kind}
                label={t(`kind.${kind}`)}
                selected={kinds.includes(kind)}
                onChange={(on) => setKinds(toggled(kinds, kind, on))}
              />
            ))}
          </div>
          <Choices
            name="personal"
            label={t('terms.personal')}
            defaultValue={before?.personal.is ? 'yes' : 'no'}
            choices={[
              { id: 'no', words: t('terms.personalNo') },
              { id: 'yes', words: t('terms.personalYes') },
            ]}
          />
          <TextField name="basis" label={t('terms.basis')} help={t('terms.help.basis')} defaultValue={before?.personal.basis ?? ''} />
          <TextField name="assessment" label={t('terms.assessment')} defaultValue={before?.personal.assessment ?? ''} />
        </Section>
        <Section title={t('step.how')}>
          <div className="choices" role="group" aria-label={t('terms.triggers')}>
            {(['routine', 'emergency'] as const).map((one) => (
              <Checkbox
                key={one}
                label={t(`terms.trigger.${one}`)}
                selected={triggers.includes(one)}
                onChange={(on) => setTriggers(toggled(triggers, one, on))}
              />
            ))}
          </div>
          {text('method')}
          {text('handling')}
          <Select
            name="marking"
            label={t('terms.marking')}
            defaultValue={before?.marking ?? 'TLP:AMBER'}
            choices={['TLP:GREEN', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'OFFICIAL // TLP:AMBER', 'OFFICIAL-SENSITIVE // TLP:AMBER+STRICT'].map(
              (id) => ({ id, words: id }),
            )}
          />
          {text('emergency')}
          <Checkbox label={t('terms.upwardYes')} selected={upward} onChange={setUpward} />
        </Section>
        <Section title={t('step.end')}>
          {text('retention', true)}
          <Choices
            name="onLeaving"
            label={t('terms.onLeaving')}
            defaultValue={before?.onLeaving ?? 'keeps'}
            choices={[
              { id: 'keeps', words: t('terms.leaving.keeps') },
              { id: 'loses', words: t('terms.leaving.loses') },
            ]}
          />
          <TimeField name="reviewAt" label={t('terms.reviewAt')} required defaultAt={before?.reviewAt ?? inMonths(6)} />
          <TimeField name="expiresAt" label={t('terms.expiresAt')} required defaultAt={before?.expiresAt ?? inMonths(12)} />
        </Section>
        <p className="prose soft">{t('protocol.opensNothing')}</p>
        <FormButtons>
          <Button type="submit" kind="primary" busy={draft.state === 'sending' || revise.state === 'sending'}>
            {t('protocol.keepDraft')}
          </Button>
        </FormButtons>
      </Form>
    </div>
  )
}
