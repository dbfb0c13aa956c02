import { useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { Facts, Section } from '#core/web/page.tsx'
import { useLanguage, useWords } from '#core/web/words.ts'
import type { CapInfo } from '../../cap/contract.ts'
import { Outline } from './outline.tsx'
import { inLanguage } from './words-of.tsx'

const AREAS_SHOWN = 40

/** What the message says, info by info; the reader's own language first. Addresses in it are text: nothing from outside is opened with a click. */
export function Content({ infos }: { infos: readonly CapInfo[] }) {
  const t = useWords('watch')
  const language = useLanguage()
  const [chosen, choose] = useState<number | null>(null)
  const first = inLanguage(infos, language)
  const info = chosen === null ? first : infos[chosen]
  if (!info) return <p className="soft">{t('desk.noInfo')}</p>
  const cap = (value: string | null) => (value === null ? t('desk.notSaid') : t(`desk.cap.${value}`, { defaultValue: value }))
  const said = (name: string, value: string | null) => (value === null ? [] : [{ name, value }])
  return (
    <Section
      title={t('desk.says')}
      aside={
        infos.length > 1
          ? infos.map((one, place) => (
              <Button key={`${place} ${one.language}`} kind="plain" aria-pressed={one === info} onPress={() => choose(place)}>
                {t('desk.info', { number: place + 1, language: one.language })}
              </Button>
            ))
          : undefined
      }
    >
      <div lang={info.language} className="desk-words">
        {info.description ? <p>{info.description}</p> : null}
        {info.instruction ? (
          <p>
            <strong>{info.instruction}</strong>
          </p>
        ) : null}
      </div>
      <Facts
        facts={[
          { name: t('desk.event'), value: [info.event, info.categories.map(cap).join(', ')].filter(Boolean).join(' · ') },
          { name: t('desk.weight'), value: `${cap(info.severity)} · ${cap(info.urgency)} · ${cap(info.certainty)}` },
          ...said(t('desk.onset'), info.onset ?? info.effective),
          ...said(t('desk.expires'), info.expires),
          ...said(t('desk.senderName'), info.senderName),
          ...said(t('desk.contact'), info.contact),
          ...said(t('desk.web'), info.web),
          ...info.parameters.slice(0, 12).map(({ valueName, value }) => ({ name: valueName, value })),
        ]}
      />
      {info.areas.length > 0 ? (
        <div className="desk-areas">
          <ul>
            {info.areas.slice(0, AREAS_SHOWN).map((area, place) => (
              <li key={`${place} ${area.areaDesc ?? ''}`}>
                {area.areaDesc ?? t('desk.notSaid')}
                {area.geocodes.length > 0 ? (
                  <span className="soft">
                    {' '}
                    {area.geocodes
                      .slice(0, 4)
                      .map(({ valueName, value }) => `${valueName} ${value}`)
                      .join(', ')}
                  </span>
                ) : null}
              </li>
            ))}
            {info.areas.length > AREAS_SHOWN ? (
              <li className="soft">{t('desk.moreAreas', { count: info.areas.length - AREAS_SHOWN })}</li>
            ) : null}
          </ul>
          <Outline areas={info.areas} />
        </div>
      ) : null}
    </Section>
  )
}
