import { threads } from '#core/record/threads/contract.ts'
import { useQueryOf } from '#core/web/hooks.ts'
import { Link } from '#core/web/navigation.tsx'
import { useWords } from '#core/web/words.ts'

/** The incident for which it is asked, by name, for who takes part in it; for whoever does not, that there is one. */
export function InIncident({ id }: { id: string }) {
  const t = useWords('sharing')
  const { data } = useQueryOf(threads, { ids: [id] })
  const thread = data?.threads[0]
  if (!data) return null
  return thread ? <Link to={thread.path}>{thread.name}</Link> : t('request.incidentElsewhere')
}

/** Above a form that was reached from an incident: what is written belongs to it. */
export function ForIncident({ id }: { id: string | undefined }) {
  const t = useWords('sharing')
  if (id === undefined) return null
  return (
    <p className="soft">
      {t('request.forIncident')} <InIncident id={id} />
    </p>
  )
}
