import { Age } from '#core/web/age.tsx'
import { Marking } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Link, useAddress, useGo } from '#core/web/navigation.tsx'
import { PageHead } from '#core/web/page.tsx'
import { EmptyState, NotYet, Problem, Waiting } from '#core/web/problem.tsx'
import { useSession } from '#core/web/session.tsx'
import { worldNow } from '#core/web/time.ts'
import { useView } from '#core/web/view.ts'
import { useWords } from '#core/web/words.ts'
import { network as networkOf } from '../network/contract.ts'
import { findings as findingsOf } from '../findings/contract.ts'
import { observed } from '../observed/contract.ts'
import { review as reviewOf } from '../review/contract.ts'
import { NetworkEditor } from './parts/network-editor.tsx'
import { NetworkView } from './parts/network-view.tsx'
import { Proposing, Revising } from './parts/proposing.tsx'
import type { Wishes } from './rules/address.ts'
import { ruleKey, ruleOfKind } from '../city-analysis/rules/rule-words.ts'
import { findingIn, isOfAnalysis } from './rules/finding.ts'
import './picture.css'

/** What the answer is made of: the picture is read again when one of these has news. */
const watches = [
  'agencies',
  'posts',
  'groups',
  'memberships',
  'media',
  'links',
  'responsibilities',
  'products',
  'variants',
  'versions',
].map((table) => `structure.${table}`)

/** The network as a picture one can read, and as tables. */
export function Page() {
  const t = useWords('structure')
  const view = useView()
  const go = useGo()
  const wishes = useAddress<Record<keyof Wishes, never>>() as Wishes
  const { version, against, edit, review } = wishes
  const isDraft = edit === true || review !== undefined
  const shown = useQueryOf(networkOf, version === undefined || isDraft ? {} : { version }, { watches })
  const look = useCommandOf(observed)
  const findings = useQueryOf(findingsOf, {}, { when: wishes.finding !== undefined && !isOfAnalysis(wishes.finding) })
  const before = useQueryOf(networkOf, { version: against ?? 1 }, { when: against !== undefined && !isDraft })
  if (!shown.data) return <NotYet problem={shown.error} onRetry={() => void shown.refetch()} />
  const { network, versions, marking } = shown.data
  const finding = wishes.finding === undefined ? undefined : findingIn(network, wishes.finding, findings.data?.findings ?? [])
  const ruled = (kind: string) => {
    const rule = ruleOfKind(kind)
    return rule === undefined ? '' : ` ${t('analysis.ruleIs', { number: rule, rule: t(`rule.${ruleKey(rule)}`) })}`
  }
  const number = (of: number | undefined) => (of === undefined ? t('picture.versionNow') : t('review.versionNumber', { number: of }))
  const head = (
    <PageHead
      title={isDraft ? t('draft.title') : t('picture.title')}
      {...(view === 'wall' ? {} : { lead: isDraft ? t('draft.lead') : t('picture.lead') })}
      aside={
        <>
          <Marking text={marking} />
          {shown.data.version ? (
            <span className="soft">{number(shown.data.version.number)}</span>
          ) : (
            <Age at={new Date(shown.dataUpdatedAt).toISOString()} />
          )}
        </>
      }
      {...(view === 'wall'
        ? {}
        : {
            actions: (
              <>
                <Link to="/structure">{t('picture.back')}</Link>
                <Link to="/structure/reviews">{t('review.title')}</Link>
                {isDraft ? null : look.output ? (
                  <Button onPress={look.reset}>{t('picture.declaredOnly')}</Button>
                ) : (
                  // Asked by hand and not by the address: each asking is an entry, and for named hands.
                  <Button
                    busy={look.state === 'sending'}
                    onPress={() =>
                      void look.run(
                        wishes.incident === undefined
                          ? { from: new Date(worldNow().getTime() - 30 * 86_400_000).toISOString() }
                          : { incidentId: wishes.incident },
                      )
                    }
                  >
                    {t(wishes.incident === undefined ? 'picture.observe' : 'picture.observeIncident')}
                  </Button>
                )}
                {isDraft ? (
                  <Button onPress={() => go(undefined, { edit: null, review: null, focus: null })}>{t('draft.leave')}</Button>
                ) : version === undefined ? (
                  <Button onPress={() => go(undefined, { edit: true, against: null })}>{t('picture.edit')}</Button>
                ) : null}
              </>
            ),
          })}
    />
  )
  if (network.groups.length + network.agencies.length === 0)
    return (
      <div className="page">
        {head}
        <EmptyState title={t('picture.empty')} action={<Link to="/structure/import">{t('import.title')}</Link>}>
          <p>{t('picture.emptyMore')}</p>
        </EmptyState>
      </div>
    )
  if (isDraft)
    return (
      <div className="page">
        {head}
        <Drafting reviewId={review} shown={shown.data} wishes={wishes} />
      </div>
    )
  return (
    <div className="page network-page">
      {head}
      {look.problem ? <Problem problem={look.problem} /> : null}
      {against !== undefined && before.error ? <Problem problem={before.error} onRetry={() => void before.refetch()} /> : null}
      {against !== undefined && !before.data && !before.error ? <Waiting /> : null}
      <NetworkView
        network={network}
        versions={versions}
        wishes={wishes}
        {...(look.output ? { observed: look.output.pairs } : {})}
        {...(finding
          ? {
              highlights: {
                nodeIds: finding.nodeIds,
                linkIds: finding.linkIds,
                words: `${finding.words ?? `${t(`finding.${finding.kind}`)}: ${finding.names.join(', ')}.`}${ruled(finding.kind)}`,
              },
            }
          : {})}
        {...(against !== undefined && before.data
          ? { before: { network: before.data.network, title: number(against), titleNow: number(version) } }
          : {})}
      />
    </div>
  )
}

interface DraftingWords {
  reviewId: string | undefined
  shown: NonNullable<ReturnType<typeof useQueryOf<typeof networkOf.input, typeof networkOf.output>>['data']>
  wishes: Wishes
}

function Drafting({ reviewId, shown, wishes }: DraftingWords) {
  const { self } = useSession()
  const { data, error, refetch } = useQueryOf(reviewOf, { reviewId: reviewId ?? '' }, { when: reviewId !== undefined })
  if (reviewId !== undefined && !data) return error ? <Problem problem={error} onRetry={() => void refetch()} /> : <Waiting />
  const keptAs = `concord.network-draft/${self?.person.id ?? ''}/${reviewId ?? 'new'}`
  return (
    <NetworkEditor
      key={keptAs}
      network={data?.base ?? shown.network}
      {...(data ? { proposed: data.proposed } : {})}
      versions={shown.versions}
      wishes={wishes}
      keptAs={keptAs}
      saving={(draft, sent) =>
        data ? <Revising reviewId={data.id} seenHash={data.hash} draft={draft} sent={sent} /> : <Proposing draft={draft} sent={sent} />
      }
    />
  )
}
