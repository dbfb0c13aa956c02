import { lazy, Suspense } from 'react'
import { DialogButton } from '#core/web/dialog.tsx'
import { useWords } from '#core/web/words.ts'

const SettingsBody = lazy(async () => ({ default: (await import('./settings-body.tsx')).SettingsBody }))

/** How this device shows Concord. */
export function Settings() {
  const t = useWords()
  return (
    <DialogButton words={t('shell.settings')} title={t('shell.settings')}>
      {(close) => (
        <Suspense>
          <SettingsBody close={close} />
        </Suspense>
      )}
    </DialogButton>
  )
}
