import { StateWord, type StateTone } from '#core/web/state-word.tsx'
import { useNow } from '#core/web/age.tsx'
import { useWords } from '#core/web/words.ts'
import type { SignalLine } from '../../signals/contract.ts'

/** The info in the reader's language: the very language, else one of its family, else the first. */
export function inLanguage<T extends { language: string }>(infos: readonly T[], language: string): T | undefined {
  const wanted = language.toLowerCase()
  const family = wanted.split('-')[0]
  return (
    infos.find((info) => info.language.toLowerCase() === wanted) ??
    infos.find((info) => info.language.toLowerCase().split('-')[0] === family) ??
    infos[0]
  )
}

/** Where a signal stands, in one word and one shape. What is due to be looked at again says so before anything else. */
export function Standing({ line }: { line: Pick<SignalLine, 'standing' | 'state' | 'triage' | 'reviewAt' | 'claimedBy'> }) {
  const t = useWords('watch')
  const now = useNow()
  const due = line.state === 'judged' && line.reviewAt !== null && new Date(line.reviewAt) <= now
  const tone: StateTone = due
    ? 'alarm'
    : line.standing === 'quarantined'
      ? 'unknown'
      : line.state === 'judged'
        ? 'done'
        : line.state === 'claimed'
          ? 'begun'
          : 'waiting'
  const words = due
    ? t('desk.due')
    : line.state === 'judged' && line.triage
      ? t(`desk.triage.${line.triage}`)
      : line.state === 'claimed'
        ? t('desk.claimedBy', { name: line.claimedBy?.name ?? '' })
        : line.standing === 'quarantined'
          ? t('desk.quarantined')
          : t('desk.new')
  return <StateWord tone={tone}>{words}</StateWord>
}
