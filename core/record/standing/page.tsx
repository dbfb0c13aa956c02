import { useQueryOf } from '#core/web/hooks.ts'
import { PageHead } from '#core/web/page.tsx'
import { NotYet } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'
import { keys, standing } from './contract.ts'
import { Changes, Keys } from './parts/keys.tsx'
import { Others } from './parts/others.tsx'
import { Sealing } from './parts/sealing.tsx'
import { Whole } from './parts/whole.tsx'
import { Verifications } from './parts/verification.tsx'
import { Witnesses } from './parts/witnesses.tsx'

/** The record: which keys sign it, for everybody; how it stands and who else holds it, for those who look after it or into it. */
export function Page() {
  const t = useWords('record')
  const { data, error, refetch } = useQueryOf(keys, {}, { watches: ['record.key_changes'] })
  const see = data?.can.see ?? false
  const state = useQueryOf(standing, {}, { watches: ['record.key_changes', 'record.verifications'], when: see })
  if (!data || (see && !state.data))
    return <NotYet problem={error ?? state.error} onRetry={() => void (error ? refetch() : state.refetch())} />
  return (
    <div className="page">
      <PageHead title={t('title')} lead={t('lead', { origin: data.origin })} />
      {state.data ? (
        <>
          <Sealing sealing={state.data.sealing} />
          <Verifications verifications={state.data.verifications} />
          <Witnesses witnesses={state.data.witnesses} />
          <Whole />
        </>
      ) : null}
      <Keys keys={data.keys} />
      {state.data ? <Changes changes={state.data.changes} canChange={state.data.can.changeKey} /> : null}
      {data.can.keep ? <Others /> : null}
    </div>
  )
}
