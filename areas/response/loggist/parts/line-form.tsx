import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { Button } from '#core/web/button.tsx'
import { Checkbox } from '#core/web/fields.tsx'
import { useCommandOf, useContact } from '#core/web/hooks.ts'
import { Problem } from '#core/web/problem.tsx'
import { useSession } from '#core/web/session.tsx'
import { instantFromWall, wallFromInstant, worldNow } from '#core/web/time.ts'
import { useWords } from '#core/web/words.ts'
import { writeEntry } from '../../timeline/contract.ts'
import { latestPast, needsReason, postsLike, readLine, typedTime } from '../rules.ts'
import '../loggist.css'

interface Post {
  id: string
  code: string
  title: string
  agencyName: string
}
interface Draft {
  time: string
  who: string
  what: string
  reason: string
}
const empty: Draft = { time: '', who: '', what: '', reason: '' }

/** What was typed and not yet written stays on this device, for this person and incident, until it is. */
function useDraft(incidentId: string) {
  const { self } = useSession()
  const key = `concord.line.${self?.person.id ?? ''}.${incidentId}`
  const [draft, setDraft] = useState<Draft>(() => {
    try {
      return { ...empty, ...(JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Draft>) }
    } catch {
      return empty
    }
  })
  useEffect(() => {
    if (draft.what === '' && draft.who === '' && draft.time === '') localStorage.removeItem(key)
    else localStorage.setItem(key, JSON.stringify(draft))
  }, [draft, key])
  return [draft, setDraft] as const
}

/** The typed time as an instant that has been: 2350 typed at ten past midnight is yesterday's. */
function instantOf(time: string): string | null {
  const typed = typedTime(time)
  if (typed === null) return null
  const now = worldNow()
  const [day = ''] = wallFromInstant(now.toISOString()).split('T')
  const clock = `${String(typed.hour).padStart(2, '0')}:${String(typed.minute).padStart(2, '0')}`
  return latestPast(new Date(instantFromWall(`${day}T${clock}`)), now).toISOString()
}

/** One line: time, who said, what. Enter writes it; the hands never leave the keys. */
export function LineForm({ incidentId, posts }: { incidentId: string; posts: readonly Post[] }) {
  const t = useWords('response')
  const contact = useContact()
  const [draft, setDraft] = useDraft(incidentId)
  const [paper, setPaper] = useState(false)
  const [asksReason, setAsksReason] = useState(false)
  const [wrong, setWrong] = useState<'time' | 'who' | null>(null)
  const [said, setSaid] = useState('')
  const what = useRef<HTMLInputElement>(null)
  const time = useRef<HTMLInputElement>(null)
  const write = useCommandOf(writeEntry, { title: t('loggist.write'), changes: ['response.log_entries'] })
  const put = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }))

  const send = async () => {
    const line = readLine(draft.what)
    const timeText = draft.time.trim() || line.time || ''
    const whoText = draft.who.trim() || line.post || ''
    if (line.text === '') return what.current?.focus()
    const at = timeText === '' ? null : instantOf(timeText)
    if ((timeText !== '' && at === null) || (paper && at === null)) return setWrong('time')
    const post = whoText === '' ? undefined : postsLike(whoText, posts)[0]
    if (whoText !== '' && !post) return setWrong('who')
    setWrong(null)
    const late = at !== null && needsReason(new Date(at), worldNow(), paper)
    if (late && draft.reason.trim() === '') return setAsksReason(true)
    const away = contact.state === 'lost'
    const lateReason = draft.reason.trim() || (paper ? t('loggist.paperReason') : away ? t('loggist.awayReason') : '')
    const occurredAt = at ?? (away ? worldNow().toISOString() : undefined)
    const done = await write.run({
      incidentId,
      text: line.text,
      ...(post ? { postId: post.id } : {}),
      ...(occurredAt === undefined ? {} : { occurredAt }),
      ...(lateReason === '' ? {} : { lateReason }),
    })
    if (done.state === 'refused') return done.problem.field === 'lateReason' ? setAsksReason(true) : undefined
    setSaid(t(done.state === 'done' ? 'loggist.written' : 'loggist.queued', { text: line.text }))
    setDraft(empty)
    setAsksReason(false)
    ;(paper ? time : what).current?.focus()
  }
  const enter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
    event.preventDefault()
    void send()
  }

  return (
    <form className="line-form" aria-label={t('loggist.write')} onSubmit={(event) => (event.preventDefault(), void send())}>
      <div className="line-row">
        <label className="field line-time">
          <span className="field-label">{t('loggist.time')}</span>
          <input
            ref={time}
            className="field-box"
            inputMode="numeric"
            autoComplete="off"
            placeholder={paper ? '--:--' : t('loggist.now')}
            value={draft.time}
            aria-invalid={wrong === 'time'}
            onChange={({ target }) => put({ time: target.value })}
            onKeyDown={enter}
          />
        </label>
        <PostPicker
          posts={posts}
          value={draft.who}
          invalid={wrong === 'who'}
          onChange={(who) => put({ who })}
          onEnter={() => void send()}
          onPicked={() => what.current?.focus()}
        />
        <label className="field line-what">
          <span className="field-label">{t('loggist.what')}</span>
          {/* biome-ignore lint/a11y/noAutofocus: the page is for typing this line */}
          <input
            ref={what}
            className="field-box"
            autoComplete="off"
            autoFocus
            maxLength={8000}
            value={draft.what}
            onChange={({ target }) => put({ what: target.value })}
            onKeyDown={enter}
          />
        </label>
        <Button type="submit" kind="primary" busy={write.state === 'sending'}>
          {t('loggist.enter')}
        </Button>
      </div>
      {asksReason ? (
        <label className="field">
          <span className="field-label">{t('loggist.reason')}</span>
          {/* biome-ignore lint/a11y/noAutofocus: it is asked for in the middle of typing */}
          <input
            className="field-box"
            autoFocus
            value={draft.reason}
            onChange={({ target }) => put({ reason: target.value })}
            onKeyDown={enter}
          />
        </label>
      ) : null}
      {wrong === null ? null : (
        <p className="field-error" role="alert">
          {t(`loggist.wrong.${wrong}`)}
        </p>
      )}
      {write.problem && write.problem.field !== 'lateReason' ? <Problem problem={write.problem} /> : null}
      <div className="row soft">
        <Checkbox label={t('loggist.paper')} selected={paper} onChange={setPaper} />
        <span>{t('loggist.keys')}</span>
      </div>
      <p className="unseen" role="status">
        {said}
      </p>
    </form>
  )
}

interface Picker {
  posts: readonly Post[]
  value: string
  invalid: boolean
  onChange: (value: string) => void
  onEnter: () => void
  onPicked: () => void
}

/** Who said it, found by typing some of the code, title or agency. Arrows choose, Enter or Tab takes; Escape closes. */
function PostPicker({ posts, value, invalid, onChange, onEnter, onPicked }: Picker) {
  const t = useWords('response')
  const id = useId()
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState(0)
  const found = open && value.trim() !== '' ? postsLike(value, posts) : []
  const take = (post: Post) => {
    onChange(post.code)
    setOpen(false)
    onPicked()
  }
  const press = (event: KeyboardEvent) => {
    const chosen = found[at]
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (found.length > 0) setAt((at + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length)
    } else if (event.key === 'Escape') setOpen(false)
    else if (event.key === 'Enter') {
      event.preventDefault()
      if (chosen) take(chosen)
      else onEnter()
    } else if (event.key === 'Tab' && chosen && !event.shiftKey) {
      onChange(chosen.code)
      setOpen(false)
    }
  }
  return (
    <div className="field line-who">
      <label className="field-label" htmlFor={`${id}-who`}>
        {t('loggist.who')}
      </label>
      <input
        id={`${id}-who`}
        className="field-box"
        role="combobox"
        autoComplete="off"
        aria-expanded={found.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-invalid={invalid}
        {...(found[at] ? { 'aria-activedescendant': `${id}-${found[at].id}` } : {})}
        value={value}
        onChange={({ target }) => {
          onChange(target.value)
          setOpen(true)
          setAt(0)
        }}
        onBlur={() => setOpen(false)}
        onKeyDown={press}
      />
      <div id={`${id}-list`} role="listbox" aria-label={t('loggist.who')} className="line-posts" hidden={found.length === 0}>
        {found.map((post, place) => (
          <div
            key={post.id}
            id={`${id}-${post.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={place === at}
            className="list-item"
            onPointerDown={(event) => {
              // Before the field loses the focus, so that the list is still there.
              event.preventDefault()
              take(post)
            }}
          >
            {post.code} · {post.title} <span className="list-more">{post.agencyName}</span>
          </div>
        ))}
      </div>
    </div>
  )
}
