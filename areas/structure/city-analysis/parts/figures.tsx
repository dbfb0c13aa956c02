import { Facts } from '#core/web/page.tsx'
import { useWords } from '#core/web/words.ts'
import type { Figures } from '../contract.ts'

/** The network as a whole, each figure with what it means in plain words. */
export function FigureList({ figures }: { figures: Figures }) {
  const t = useWords('structure')
  const { krackhardt } = figures
  const share = (value: number | null | undefined) =>
    value === null || value === undefined ? t('analysis.notCounted') : `${Math.round(value * 100)} %`
  const lines: [key: string, value: string | number][] = [
    ['parts', figures.parts],
    ['farthest', figures.farthest ?? t('analysis.noWay')],
    ['cutPoints', figures.cutPoints],
    ['bridges', figures.bridges],
    ['reciprocity', share(figures.reciprocity)],
    ['maxCore', figures.maxCore],
    ['connectedness', share(krackhardt?.connectedness)],
    ['hierarchy', share(krackhardt?.hierarchy)],
    ['efficiency', share(krackhardt?.efficiency)],
    ['bounded', share(krackhardt?.least_upper_boundedness)],
  ]
  return (
    <Facts
      facts={lines.map(([key, value]) => ({
        name: t(`analysis.figure.${key}`),
        value: (
          <>
            <strong>{value}</strong> · {t(`analysis.figureMeans.${key}`)}
          </>
        ),
      }))}
    />
  )
}
