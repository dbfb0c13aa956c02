import { useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { Select, TextArea, TextField, TimeField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { MarkingField } from '#core/web/marking-field.tsx'
import { Link, useAddress, useGo, useParts } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { Problem, Waiting } from '#core/web/problem.tsx'
import { worldNow } from '#core/web/time.ts'
import { useWords } from '#core/web/words.ts'
import { useCentre } from '../../centre/parts/use-centre.tsx'
import { loggistDesk } from '../../loggist/contract.ts'
import { recordDecision, reverseDecision } from '../contract.ts'
import { Substance } from '../parts/substance.tsx'
import { watchedTables } from '../parts/watched.tsx'
import { isLate } from '#core/record/late.ts'
import { substanceOf } from '../rules.ts'

const hours = (count: number) => new Date(worldNow().getTime() + count * 3_600_000).toISOString()

/** Where a loggist writes down what a leader decided: the leader does not type. Reasons may follow within thirty minutes. */
export function Page() {
  const t = useWords('response')
  const { incidentId = '' } = useParts()
  const centre = useCentre(incidentId)
  const desk = useQueryOf(loggistDesk, { incidentId, atMost: 1 })
  const error = desk.error ?? centre.error
  const here = `/response/centre/${incidentId}/decisions`
  if (!desk.data || !centre.data)
    return <div className="page">{error ? <Problem problem={error} onRetry={() => void desk.refetch()} /> : <Waiting />}</div>
  return (
    <div className="page">
      <PageHead title={t('decision.record')} lead={t('decision.recordLead')} aside={<Link to={here}>{t('decision.list')}</Link>} />
      <DecisionForm incidentId={incidentId} posts={desk.data.posts} groups={centre.data.quorum} />
    </div>
  )
}

type Posts = readonly { id: string; code: string; title: string; agencyName: string }[]

function DecisionForm({
  incidentId,
  posts,
  groups,
}: {
  incidentId: string
  posts: Posts
  groups: readonly { groupId: string; name: string }[]
}) {
  const t = useWords('response')
  const go = useGo()
  const [dissents, setDissents] = useState(0)
  const [began] = useState(() => ({ decidedAt: worldNow().toISOString(), reviewAt: hours(3) }))
  const [late, setLate] = useState(false)
  const [label, mark] = useState<{ clauses: string[][]; marking: string }>({ clauses: [], marking: 'TLP:AMBER' })
  const { reverses } = useAddress<{ reverses: string }>()
  const reverse = useCommandOf(reverseDecision, { title: t('decision.reverse'), changes: watchedTables })
  const record = useCommandOf(recordDecision, { title: t('decision.record'), changes: watchedTables })
  const choices = posts.map((post) => ({ id: post.id, words: `${post.code} · ${post.title}`, more: post.agencyName }))
  const send = async (values: Record<string, string>) => {
    const at = values.decidedAt ?? began.decidedAt
    if (isLate(new Date(at), worldNow()) && !values.lateReason && !late) return setLate(true)
    const made = {
      ...substanceOf(values),
      decidedByPostId: values.decidedByPostId ?? '',
      decidedAt: at,
      ...(values.lateReason === undefined ? {} : { lateReason: values.lateReason }),
      dissent: Array.from({ length: dissents }, (_, place) => ({
        postId: values[`dissent.${place}.post`] ?? '',
        words: values[`dissent.${place}.words`] ?? '',
      })).filter(({ postId, words }) => postId !== '' && words !== ''),
    }
    const audience = values.audience === undefined || values.audience === 'incident' ? {} : { groupId: values.audience }
    const done = await (reverses === undefined
      ? record.run({ ...made, ...audience, incidentId, restrictTo: label.clauses, marking: label.marking })
      : reverse.run({ ...made, decisionId: reverses }))
    if (done.state === 'done') go(`/response/centre/${incidentId}/decisions/${done.output.line.id}`)
    if (done.state === 'queued') go(`/response/centre/${incidentId}/decisions`)
  }
  return (
    <Form label={t('decision.record')} problem={record.problem ?? reverse.problem} onSubmit={(values) => void send(values)}>
      <div className="decision-three">
        <Select name="decidedByPostId" label={t('decision.by')} help={t('decision.byHelp')} required choices={choices} />
        {reverses === undefined ? (
          <Select
            name="audience"
            label={t('decision.audience')}
            defaultValue="incident"
            required
            choices={[
              { id: 'incident', words: t('decision.everybody') },
              ...groups.map((group) => ({
                id: group.groupId,
                words: t('decision.onlyGroup', { group: group.name }),
                more: t('decision.onlyGroupMore'),
              })),
            ]}
          />
        ) : (
          <p className="soft">{t('decision.reverseLead')}</p>
        )}
      </div>
      <TimeField name="decidedAt" label={t('decision.at')} defaultAt={began.decidedAt} required />
      {late ? <TextField name="lateReason" label={t('decision.lateReason')} help={t('decision.lateHelp')} required autoFocus /> : null}
      {reverses === undefined ? <MarkingField marking="TLP:AMBER" asksWhy={false} onChange={mark} /> : null}
      <Substance reviewAt={began.reviewAt} />
      <Section title={t('decision.dissent')} aside={<Button onPress={() => setDissents(dissents + 1)}>{t('decision.moreDissent')}</Button>}>
        <p className="prose soft">{t('decision.dissentHelp')}</p>
        {Array.from({ length: dissents }, (_, place) => (
          <fieldset key={place} className="decision-option">
            <legend>{t('decision.positionNotAdopted')}</legend>
            <Select name={`dissent.${place}.post`} label={t('decision.dissentBy')} required choices={choices} />
            <TextArea name={`dissent.${place}.words`} label={t('decision.dissentWords')} rows={3} required />
          </fieldset>
        ))}
      </Section>
      <FormButtons>
        <Button type="submit" kind="primary" busy={record.state === 'sending' || reverse.state === 'sending'}>
          {t(reverses === undefined ? 'decision.record' : 'decision.reverse')}
        </Button>
      </FormButtons>
    </Form>
  )
}
