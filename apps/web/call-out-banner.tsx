import { Banner } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'
import { useSelfAnswer } from './self-answer.ts'

/** A city with no channel that wakes people says so on every screen. */
export function CallOutBanner() {
  const t = useWords()
  return useSelfAnswer()?.notForLiveCallOut ? <Banner word={t('banner.notForCallOut')}>{t('banner.notForCallOutMore')}</Banner> : null
}
