import type { z } from 'zod'
import { Moment } from '#core/web/age.tsx'
import { Facts, Section } from '#core/web/page.tsx'
import { Banner } from '#core/web/problem.tsx'
import { StateWord } from '#core/web/state-word.tsx'
import { useWords } from '#core/web/words.ts'
import type { standing } from '../contract.ts'

export type Standing = z.output<typeof standing.output>

/** Whether what was written is proved. That it stands still is said in words, with what is safe and whom to tell. */
export function Sealing({ sealing }: { sealing: Standing['sealing'] }) {
  const t = useWords('record')
  const still = sealing.standsStill || sealing.trouble !== null
  return (
    <Section title={t('sealing.title')}>
      {still ? (
        <Banner word={t('sealing.still')}>
          {sealing.trouble ? `${t(`sealing.${sealing.trouble.what}`)} ` : ''}
          {t('sealing.stillMore')}
        </Banner>
      ) : (
        <StateWord tone={sealing.oldestUnsealedAt === null ? 'done' : 'waiting'}>
          {t(sealing.oldestUnsealedAt === null ? 'sealing.covered' : 'sealing.waiting')}
        </StateWord>
      )}
      <Facts
        facts={[
          ...(sealing.oldestUnsealedAt === null ? [] : [{ name: t('sealing.since'), value: <Moment at={sealing.oldestUnsealedAt} /> }]),
          { name: t('sealing.lastHead'), value: sealing.lastHeadAt === null ? t('sealing.never') : <Moment at={sealing.lastHeadAt} /> },
          { name: t('sealing.size'), value: sealing.size },
          { name: t('sealing.unplaced'), value: sealing.unplaced },
        ]}
      />
    </Section>
  )
}
