import { Age } from '#core/web/age.tsx'
import { useWords } from '#core/web/words.ts'
import { Headline } from '#core/web/wall.tsx'
import { isHere } from '../../seats/rules.ts'
import { Entries } from '../../timeline/parts/entries.tsx'
import type { Centre } from '../contract.ts'
import { notHere } from '../rules.ts'
import { leadWords } from './use-centre.tsx'

/** For the room, from four metres: who leads, who is here and who is not, what is new. Nothing to press, and nothing that this wall may not read. */
export function WallCentre({ centre }: { centre: Centre }) {
  const t = useWords('response')
  const here = centre.seats.filter(({ state }) => isHere(state))
  const away = notHere(centre.seats)
  const [first] = centre.quorum
  return (
    <>
      <div className="headlines centre-headlines">
        <Headline name={t('centre.lead')}>{leadWords(t, centre)}</Headline>
        <Headline name={t('centre.inRoom')}>
          <span className="figure">{t('centre.inRoomOf', { here: here.length, all: centre.seats.length })}</span>
        </Headline>
        {first ? (
          <Headline name={t('centre.quorumIn', { group: first.code })}>
            <span className="figure">{t('centre.quorumOf', { present: first.present, core: first.core })}</span>
          </Headline>
        ) : null}
        <Headline name={t('centre.neutral')}>{centre.neutral.now?.name ?? t('neutral.none')}</Headline>
      </div>
      <div className="centre-wall">
        <section>
          <h2>{t('centre.notHere')}</h2>
          <p className="centre-wall-names">{away.length > 0 ? away.join(' · ') : t('centre.everybodyHere')}</p>
        </section>
        <section>
          <h2>{t('centre.inRoom')}</h2>
          <p className="centre-wall-names">
            {here
              .map(({ shortName, withAuthority }) => (withAuthority ? shortName : `${shortName} (${t('seat.noAuthority')})`))
              .join(' · ')}
          </p>
        </section>
      </div>
      <Entries entries={centre.timeline.entries.slice(0, 4)} badges={false} />
      <Age at={centre.asOf} />
    </>
  )
}
