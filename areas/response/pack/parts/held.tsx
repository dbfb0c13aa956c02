import { heldSince } from '#core/record/retention/contract.ts'
import { useQueryOf } from '#core/web/hooks.ts'
import { moment } from '#core/web/time.ts'
import { useWords } from '#core/web/words.ts'

/** On the incident's own page, for everybody in it: it is held, and since when. Why is for those who answer for it. */
export function Held({ incidentId }: { incidentId: string }) {
  const t = useWords('response')
  const { data } = useQueryOf(heldSince, { thread: incidentId })
  return data?.since ? <p className="prose">{t('hold.held', { time: moment(new Date(data.since)) })}</p> : null
}
