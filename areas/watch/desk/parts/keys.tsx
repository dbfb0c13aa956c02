import { useEffect, useRef } from 'react'
import { useWords } from '#core/web/words.ts'

const typing = 'input, textarea, select, [contenteditable], [role="dialog"], [role="listbox"], [role="menu"]'

/** Single keys for a page, while nobody is typing and no dialog is open. Enter on something that can be pressed stays its own. */
export function useKeys(keys: Record<string, () => unknown>) {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector('[role="dialog"]')) return
      const target = event.target instanceof Element ? event.target : null
      if (target?.closest(typing) || (event.key === 'Enter' && target?.closest('a, button, [role="tab"]'))) return
      const deed = Object.hasOwn(latest.current, event.key) ? latest.current[event.key] : undefined
      if (!deed) return
      event.preventDefault()
      deed()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
}

/** The keys, always in sight: nobody has to remember them at four in the morning. */
export function Keys({ handle }: { handle: boolean }) {
  const t = useWords('watch')
  const shown: [string, string][] = [
    ['j k', t('desk.keys.move')],
    ['Enter', t('desk.keys.open')],
    ...(handle
      ? ([
          ['c', t('desk.keys.claim')],
          ['d', t('desk.keys.judge')],
        ] as [string, string][])
      : []),
    ['1–5', t('desk.keys.tray')],
  ]
  return (
    <p className="desk-keys" role="note" aria-label={t('desk.keys.title')}>
      {shown.map(([key, words]) => (
        <span key={key}>
          <kbd>{key}</kbd> {words}
        </span>
      ))}
    </p>
  )
}
