import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { ConcordError } from '#core/errors.ts'
import { Button } from '#core/web/button.tsx'
import { Dialog } from '#core/web/dialog.tsx'
import { Choices } from '#core/web/fields.tsx'
import { Section } from '#core/web/page.tsx'
import { Banner } from '#core/web/problem.tsx'
import { worldNow } from '#core/web/time.ts'
import type { Network, VersionLine } from '../../network/contract.ts'
import { Differences } from '../../network/parts/differences.tsx'
import { endLink, endSeat, moveSeat } from '../../network/rules/changes.ts'
import { differencesBetween } from '../../network/rules/differences.ts'
import type { Wishes } from '../rules/address.ts'
import { begun, done, type Draft, markOf, readKept, redone, undone } from '../rules/draft.ts'
import type { Link } from '../rules/links.ts'
import { type Do, endOf, LinkForm, OfficesForm, SeatForm } from './draft-forms.tsx'
import { NetworkView } from './network-view.tsx'
import { useNetworkWords } from './words.tsx'

export interface EditorWords {
  /** What the draft is compared with: the network as it stands. */
  network: Network
  /** Where the draft begins when nothing is kept: a proposal's network; left out, the network itself. */
  proposed?: Network
  versions: readonly VersionLine[]
  wishes: Wishes
  /** The name under which this window keeps the draft; whose it is must be in it. */
  keptAs: string
  /** What sends it: shown when the draft differs. `sent` ends the draft. */
  saving: (draft: Network, sent: () => void) => ReactNode
}

type Open =
  | { form: 'link'; link?: Link; from?: string; to?: string }
  | { form: 'seat'; seat?: Network['memberships'][number] }
  | { form: 'offices'; group: Network['groups'][number] }

/** A draft of the network, changed by dragging or from its tables. It changes nothing in the city, and a reload loses nothing. */
export function NetworkEditor({ network, proposed, versions, wishes, keptAs, saving }: EditorWords) {
  const start = proposed ?? network
  const kept = useMemo(() => readKept(sessionStorage.getItem(keptAs)), [keptAs])
  const basis = useMemo(() => markOf(start), [start])
  const [draft, setDraft] = useState<Draft>(() => begun(kept?.draft ?? start))
  const [basedOn, setBasedOn] = useState(kept?.basedOn ?? basis)
  const [tool, setTool] = useState<'link' | 'move'>('link')
  const [open, setOpen] = useState<Open | null>(null)
  const [said, say] = useState('')
  const [noRoom, setNoRoom] = useState(false)
  const [now] = useState(worldNow)
  const words = useNetworkWords(draft.now, now)
  const { t, name } = words
  const differences = useMemo(() => differencesBetween(network, draft.now), [network, draft.now])

  useEffect(() => {
    if (draft.now === start) {
      sessionStorage.removeItem(keptAs)
      return
    }
    try {
      sessionStorage.setItem(keptAs, JSON.stringify({ basedOn, draft: draft.now }))
      setNoRoom(false)
    } catch {
      setNoRoom(true)
    }
  }, [draft.now, start, basedOn, keptAs])

  const act: Do = (deed, told) => {
    try {
      const next = deed(draft.now)
      setDraft(done(draft, next))
      say(t('draft.done', { words: told }))
      return true
    } catch (error) {
      if (!(error instanceof ConcordError)) throw error
      say(t('draft.refused', { words: error.message }))
      return false
    }
  }
  const leave = () => {
    setDraft(begun(start))
    setBasedOn(basis)
    sessionStorage.removeItem(keptAs)
  }
  const step = (way: (draft: Draft) => Draft, told: string) => {
    setDraft(way(draft))
    say(told)
  }
  const hand = {
    tool,
    onLink: (from: string, to: string) => {
      if (endOf(draft.now, from) && endOf(draft.now, to)) setOpen({ form: 'link', from, to })
    },
    onSeat: (seatId: string, groupId: string) =>
      void act((it) => moveSeat(it, seatId, groupId), `${t('draft.seatMoved')}: ${name(groupId)}`),
    onBegin: (from: string) => {
      if (!endOf(draft.now, from)) return
      say(t('draft.linkFrom', { name: name(from) }))
      setOpen({ form: 'link', from })
    },
    onLine: (lineId: string) => {
      const link = draft.now.links.find(({ id }) => id === lineId)
      if (link) setOpen({ form: 'link', link })
    },
  }
  const deeds = {
    link: (link: Link) => (
      <span className="row">
        <Button kind="plain" aria-label={`${t('draft.changeLink')}: ${words.link(link)}`} onPress={() => setOpen({ form: 'link', link })}>
          {t('draft.changeLink')}
        </Button>
        <Button
          kind="plain"
          aria-label={`${t('draft.endLink')}: ${words.link(link)}`}
          onPress={() => void act((it) => endLink(it, link.id), `${t('draft.linkEnded')}: ${words.link(link)}`)}
        >
          {t('draft.endLink')}
        </Button>
      </span>
    ),
    seat: (seat: Network['memberships'][number]) => {
      const told = `${name(seat.agencyId)}, ${name(seat.groupId)}`
      return (
        <span className="row">
          <Button kind="plain" aria-label={`${t('draft.moveSeat')}: ${told}`} onPress={() => setOpen({ form: 'seat', seat })}>
            {t('draft.moveSeat')}
          </Button>
          <Button
            kind="plain"
            aria-label={`${t('draft.endLink')}: ${told}`}
            onPress={() => void act((it) => endSeat(it, seat.id), `${t('draft.seatEnded')}: ${told}`)}
          >
            {t('draft.endLink')}
          </Button>
        </span>
      )
    },
    group: (group: Network['groups'][number]) => (
      <Button kind="plain" aria-label={`${t('draft.setOffices')}: ${group.name}`} onPress={() => setOpen({ form: 'offices', group })}>
        {t('draft.setOffices')}
      </Button>
    ),
  }
  const parts = { network: draft.now, words, act, close: () => setOpen(null) }
  return (
    <>
      {noRoom ? <Banner word={t('draft.lostRoom')} /> : null}
      {basedOn === basis ? null : <Banner word={t('draft.moved')} kind="plain" />}
      <div className="row network-tools">
        <Button onPress={() => step(undone, t('draft.undone'))} isDisabled={draft.past.length === 0}>
          {t('draft.undo')}
        </Button>
        <Button onPress={() => step(redone, t('draft.redone'))} isDisabled={draft.future.length === 0}>
          {t('draft.redo')}
        </Button>
        <Button onPress={() => setOpen({ form: 'link' })}>{t('draft.addLink')}</Button>
        <Button onPress={() => setOpen({ form: 'seat' })}>{t('draft.addSeat')}</Button>
        <Choices
          label={t('draft.tool')}
          required
          value={tool}
          onChange={(id) => setTool(id === 'move' ? 'move' : 'link')}
          choices={[
            { id: 'link', words: t('draft.toolLink') },
            { id: 'move', words: t('draft.toolMove') },
          ]}
        />
        <span role="status" className="network-said">
          {said}
        </span>
      </div>
      <NetworkView network={draft.now} versions={versions} wishes={wishes} hand={hand} deeds={deeds} differences={differences}>
        <Section
          title={t('draft.changes')}
          aside={
            differences.length > 0 ? (
              <>
                <Button kind="plain" onPress={leave}>
                  {t('draft.startAgain')}
                </Button>
                {saving(draft.now, leave)}
              </>
            ) : undefined
          }
        >
          {differences.length === 0 ? (
            <p className="soft">{t('draft.noChanges')}</p>
          ) : (
            <Differences label={t('draft.changes')} differences={differences} />
          )}
        </Section>
      </NetworkView>
      <Dialog
        open={open !== null}
        onOpenChange={(is) => (is ? undefined : setOpen(null))}
        title={
          open?.form === 'seat'
            ? t('draft.seatTitle')
            : open?.form === 'offices'
              ? t('draft.officesTitle', { name: open.group.name })
              : t('draft.linkTitle')
        }
      >
        {() => (
          <>
            {said === '' ? null : <p role="status">{said}</p>}
            {open?.form === 'link' ? (
              <LinkForm
                {...parts}
                {...(open.link ? { link: open.link } : {})}
                {...(open.from === undefined ? {} : { from: open.from })}
                {...(open.to === undefined ? {} : { to: open.to })}
              />
            ) : open?.form === 'seat' ? (
              <SeatForm {...parts} {...(open.seat ? { seat: open.seat } : {})} />
            ) : open?.form === 'offices' ? (
              <OfficesForm {...parts} group={open.group} />
            ) : null}
          </>
        )}
      </Dialog>
    </>
  )
}
