import { useState } from 'react'
import { Marking } from '#core/web/badge.tsx'
import { Button } from '#core/web/button.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { Problem, Waiting } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'
import { original } from '../../signals/contract.ts'

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))

/** The bytes as they came, to read as text and to keep as a file. They are shown as text and never opened. */
export function Original({ of }: { of: { signalId?: string; deliveryId?: string } }) {
  const t = useWords('watch')
  const [open, setOpen] = useState(false)
  const { data, error } = useQueryOf(original, of, { when: open })
  const keep = () => {
    if (!data) return
    // As text, whatever it says it is: a browser then shows it and runs nothing of it.
    const address = URL.createObjectURL(new Blob([bytesOf(data.bytes)], { type: 'text/plain;charset=utf-8' }))
    const link = document.createElement('a')
    link.href = address
    // The name of a file is read by whoever sees the folder: it says nothing of what the message is, nor from whom.
    link.download = `original-${data.sha256.slice(0, 12)}.txt`
    link.click()
    setTimeout(() => URL.revokeObjectURL(address), 10_000)
  }
  if (!open) return <Button onPress={() => setOpen(true)}>{t('desk.original')}</Button>
  if (error && !data) return <Problem problem={error} />
  if (!data) return <Waiting />
  return (
    <div className="desk-original">
      <p className="row">
        <Button onPress={() => setOpen(false)}>{t('desk.originalClose')}</Button>
        <Button onPress={keep}>{t('desk.originalKeep')}</Button>
        <span className="soft">{t('desk.bytes', { count: data.size })}</span>
        {data.marking === '' ? null : <Marking text={data.marking} />}
      </p>
      {data.marking === '' ? null : <p className="soft">{t('desk.originalMarking')}</p>}
      <textarea readOnly rows={18} aria-label={t('desk.original')} value={new TextDecoder().decode(bytesOf(data.bytes))} />
    </div>
  )
}
