import { useState } from 'react'
import { Checkbox, Choices } from '#core/web/fields.tsx'
import { Link } from '#core/web/navigation.tsx'
import { useSession } from '#core/web/session.tsx'
import { type Theme, wishedTheme, wishLook } from '#core/web/look.ts'
import { useLook } from '#core/web/view.ts'
import { setLanguage, useLanguage, useWords } from '#core/web/words.ts'
import { languages } from './languages.ts'

/** How this device shows Concord: its own affair, so it is kept on the device and nowhere else. */
export function SettingsBody({ close }: { close: () => void }) {
  const t = useWords()
  const look = useLook()
  const [theme, setTheme] = useState<string>(() => wishedTheme() ?? 'device')
  const language = useLanguage()
  const own = useWords('access')
  const { self } = useSession()
  return (
    <>
      {self ? (
        <p>
          <Link to="/access/ways" onClickCapture={close}>
            {own('title.ways')}
          </Link>
        </p>
      ) : null}
      <Choices
        label={t('shell.theme')}
        required
        value={theme}
        onChange={(choice) => {
          setTheme(choice)
          wishLook({ theme: choice === 'device' ? undefined : (choice as Theme) })
        }}
        choices={[
          { id: 'device', words: t('shell.themeDevice') },
          { id: 'light', words: t('shell.themeLight') },
          { id: 'dark', words: t('shell.themeDark') },
        ]}
      />
      <Checkbox
        label={t('shell.contrast')}
        selected={look.contrast === 'more'}
        onChange={(more) => wishLook({ contrast: more ? 'more' : 'normal' })}
      />
      <Choices
        label={t('shell.language')}
        required
        value={language}
        onChange={(tag) => void setLanguage(tag, languages)}
        choices={Object.keys(languages).map((tag) => ({ id: tag, words: t(`language.${tag}`) }))}
      />
    </>
  )
}
