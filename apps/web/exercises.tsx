import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { worlds } from '#core/access/worlds/contract.ts'
import { Button } from '#core/web/button.tsx'
import { useQueryOf } from '#core/web/hooks.ts'
import { Section } from '#core/web/page.tsx'
import { useSession } from '#core/web/session.tsx'
import { useWords } from '#core/web/words.ts'
import { chooseWorld } from '#core/web/world-choice.ts'

/** Only a demo city answers here: whether its exercise is being played, and in which world. */
async function demoState(): Promise<{ playing: boolean } | null> {
  const response = await fetch('/demo', { headers: { accept: 'application/json' } })
  return response.ok && response.headers.get('content-type')?.includes('json') ? ((await response.json()) as { playing: boolean }) : null
}

/** The exercises that are going on, and, in a demo city, the button that plays its own. */
export function Exercises() {
  const t = useWords()
  const { self } = useSession()
  const signedIn = self !== null
  const open = useQueryOf(worlds, {}, { when: signedIn, watches: [] })
  const demo = useQuery({ queryKey: ['demo'], queryFn: demoState, enabled: signedIn, refetchInterval: 5000, retry: false })
  const [asked, ask] = useState(false)
  if (!signedIn || ((open.data?.length ?? 0) === 0 && !demo.data)) return null
  const playing = demo.data?.playing === true
  const play = async () => {
    ask(true)
    const response = await fetch('/demo', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
    if (response.ok) chooseWorld(((await response.json()) as { worldId: string }).worldId)
    else ask(false)
  }
  return (
    <Section title={t('shell.exercises')}>
      {(open.data ?? []).map((world) => (
        <p key={world.id}>
          {self.world.id === world.id ? (
            <>{t('shell.inExercise', { name: world.name })} </>
          ) : (
            <Button onPress={() => chooseWorld(world.id)}>{t('shell.enterExercise', { name: world.name })}</Button>
          )}
        </p>
      ))}
      {demo.data ? (
        <p>
          <Button onPress={() => void play()} isDisabled={playing || asked}>
            {t(playing ? 'shell.demoPlaying' : 'shell.demoPlay')}
          </Button>
        </p>
      ) : null}
    </Section>
  )
}

/** In an exercise, the way back to live stands where no one can miss it. */
export function LeaveExercise() {
  const t = useWords()
  const { self } = useSession()
  return self?.world.kind === 'exercise' ? <Button onPress={() => chooseWorld(null)}>{t('shell.leaveExercise')}</Button> : null
}
