import { Moment } from '#core/web/age.tsx'
import { Marking } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { Select, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Link, useAddress } from '#core/web/navigation.tsx'
import { PageHead, Section } from '#core/web/page.tsx'
import { useWords } from '#core/web/words.ts'
import { type Band, bands } from '../network/contract.ts'
import { analyseCity, goal } from './contract.ts'
import { FigureList } from './parts/figures.tsx'
import { FindingTable } from './parts/finding-table.tsx'
import { ObservedPart } from '../observed/parts/observed.tsx'
import { GoalLines } from './parts/goal.tsx'
import { NodeTable } from './parts/node-table.tsx'

/** How sound the network is: its goal, what is wrong with it, then its figures in words, and what nobody looked at. */
export function Page() {
  const t = useWords('structure')
  const { data: said } = useQueryOf(goal, {}, { watches: ['structure.goals'] })
  const look = useCommandOf(analyseCity)
  const found = look.output
  // Whoever comes from an incident asks what happened in it.
  const { incident } = useAddress<{ incident: string }>()
  return (
    <div className="page">
      <PageHead
        title={t('analysis.title')}
        lead={t('analysis.lead')}
        {...(found ? { aside: <Marking text={found.marking} /> } : {})}
        actions={
          <span className="row">
            <Link to="/structure">{t('directory')}</Link>
          </span>
        }
      />
      {incident ? <ObservedPart /> : null}
      <Section title={t('analysis.goal')}>{said ? <GoalLines goal={said.goal} /> : null}</Section>
      <Section title={t('analysis.ask')}>
        <Form
          label={t('analysis.ask')}
          problem={look.problem}
          onSubmit={({ incidentType, band }) =>
            void look.run({ ...(incidentType ? { incidentType } : {}), ...(band ? { band: band as Band } : {}) })
          }
        >
          <p className="prose soft">{t('analysis.askMore')}</p>
          <TextField name="incidentType" label={t('analysis.incidentType')} help={t('analysis.incidentTypeHelp')} />
          <Select
            name="band"
            label={t('analysis.band')}
            defaultValue="any"
            choices={bands.map((id) => ({ id, words: t(`analysis.bands.${id}`) }))}
          />
          <FormButtons>
            <Button type="submit" kind="primary" busy={look.state === 'sending'}>
              {t('analysis.look')}
            </Button>
          </FormButtons>
        </Form>
      </Section>
      {found ? (
        <>
          <p className="prose" role="status">
            {t('analysis.basis', {
              agencies: found.basis.agencies,
              posts: found.basis.posts,
              groups: found.basis.groups,
              links: found.basis.links,
              type: found.basis.incidentType === 'any' ? t('analysis.anyType') : found.basis.incidentType,
              band: t(`analysis.bands.${found.basis.band}`),
            })}{' '}
            <Moment at={found.at} />
          </p>
          <Section title={t('analysis.findings')}>
            <FindingTable findings={found.findings} />
          </Section>
          {found.joint.length > 0 ? (
            <Section title={t('analysis.joint')}>
              <ul>
                {found.joint.map(({ activity, phase, agencies, basis }) => (
                  <li key={`${activity} ${phase}`}>{t('analysis.jointLine', { activity, phase, agencies: agencies.join(', '), basis })}</li>
                ))}
              </ul>
            </Section>
          ) : null}
          <Section title={t('analysis.figures')}>
            <FigureList figures={found.figures} />
          </Section>
          <Section title={t('analysis.places')}>
            <p className="prose soft">{t('analysis.placesMore')}</p>
            <NodeTable nodes={found.nodes} />
          </Section>
          <Section title={t('analysis.notLooked')}>
            <p className="prose">{t('analysis.notLookedMore')}</p>
            <ul>
              {found.notLooked.map((what) => (
                <li key={what}>{t(`analysis.not.${what}`)}</li>
              ))}
            </ul>
          </Section>
        </>
      ) : null}
      {incident ? null : <ObservedPart />}
    </div>
  )
}
