import { useEffect, useState, type ReactNode } from 'react'
import { useWords } from './words.ts'
import './wall.css'

/** What a wall shows. B blanks it and brings it back; while blank, nothing of it is in the page at all. */
export function Wall({ children }: { children: ReactNode }) {
  const t = useWords()
  const [blank, setBlank] = useState(false)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'b' && !event.ctrlKey && !event.metaKey && !event.altKey) setBlank((before) => !before)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
  if (blank)
    return (
      <main className="wall-blank">
        <p>{t('wall.blank')}</p>
      </main>
    )
  return <div className="wall">{children}</div>
}

/** A headline of a wall: one figure or word that is read from the door, with what it is and how old. */
export const Headline = ({ name, children, age }: { name: string; children: ReactNode; age?: ReactNode }) => (
  <div className="headline">
    <div className="headline-name">{name}</div>
    <div className="headline-value">{children}</div>
    {age}
  </div>
)
