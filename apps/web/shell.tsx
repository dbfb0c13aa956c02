import { lazy, Suspense, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { Outlet, useRouterState } from '@tanstack/react-router'
import { pages as accessPages } from '#core/access/pages.ts'
import { pages as recordPages } from '#core/record/pages.ts'
import { Band } from '#core/web/band.tsx'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { useGo } from '#core/web/navigation.tsx'
import { ContactLine } from '#core/web/offline.tsx'
import { useOfferedItems } from '#core/web/palette-items.tsx'
import { lookAgain } from '#core/web/look.ts'
import { useView } from '#core/web/view.ts'
import { Wall } from '#core/web/wall.tsx'
import { useWords } from '#core/web/words.ts'
import { Waiting } from '#core/web/problem.tsx'
import { areaPages, inNavigation } from './manifests.ts'
import { Navigation } from './navigation.tsx'
import { AlarmBanner } from './alarm-banner.tsx'
import { CallOutBanner } from './call-out-banner.tsx'
import { LeaveExercise } from './exercises.tsx'
import { isOpen } from './pages.ts'
import { Settings } from './settings.tsx'
import './shell.css'

const CommandPalette = lazy(async () => ({ default: (await import('#core/web/command-palette.tsx')).CommandPalette }))

function Palette({ open, setOpen }: { open: boolean; setOpen: (open: boolean) => void }) {
  const t = useWords()
  const go = useGo()
  const offered = useOfferedItems()
  const pages = inNavigation(areaPages).flatMap((one) =>
    one.pages.map((page) => ({
      id: page.path,
      words: t(page.title, { ns: one.area }),
      more: t(`area.${one.area}`),
      run: () => go(page.path),
    })),
  )
  const own = [...accessPages.map((page) => ({ page, ns: 'access' })), ...recordPages.map((page) => ({ page, ns: 'record' }))]
    .filter(({ page }) => page.nav)
    .map(({ page, ns }) => ({ id: page.path, words: t(page.title, { ns }), more: t('shell.own'), run: () => go(page.path) }))
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        setOpen(true)
      }
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [setOpen])
  return open ? (
    <Suspense>
      <CommandPalette open onOpenChange={setOpen} items={[...offered, ...pages, ...own]} />
    </Suspense>
  ) : null
}

/** After a page changed, the keyboard and the screen reader start at its top, and the window's name says where one is. */
function useArrival() {
  const here = useRouterState({ select: (state) => state.location.pathname })
  const search = useRouterState({ select: (state) => state.location.searchStr })
  const arrived = useRef(here)
  useEffect(() => lookAgain(), [search])
  useEffect(() => {
    if (arrived.current === here) return
    arrived.current = here
    scrollTo(0, 0)
    document.getElementById('content')?.focus({ preventScroll: true })
  }, [here])
  useEffect(() => {
    const named = setInterval(() => {
      const title = document.querySelector('main h1')?.textContent
      const words = title ? `${title} · Concord` : 'Concord'
      if (document.title !== words) document.title = words
    }, 500)
    return () => clearInterval(named)
  }, [])
}

const Content = () => {
  const t = useWords()
  return (
    <main id="content" className="shell-content" tabIndex={-1}>
      <Suspense fallback={<Waiting what={t('waiting')} />}>
        <Outlet />
      </Suspense>
    </main>
  )
}

/** The part that never scrolls away. Its height is told to the style sheet, so that nothing with the focus hides behind it. */
function Top({ tools }: { tools?: ReactNode }) {
  const top = useRef<HTMLElement>(null)
  useEffect(() => {
    const element = top.current
    if (!element) return
    const watch = new ResizeObserver(() => document.documentElement.style.setProperty('--top', `${element.offsetHeight}px`))
    watch.observe(element)
    return () => watch.disconnect()
  }, [])
  return (
    <header className="shell-top" ref={top}>
      <Band tools={tools} />
      <CallOutBanner />
      <AlarmBanner />
      <ContactLine />
    </header>
  )
}

/** What every page stands in: the band, the lines no one may miss, the way to everything else. A wall has no ways: it is only looked at. */
export function Shell() {
  const t = useWords()
  const view = useView()
  const [palette, setPalette] = useState(false)
  useArrival()
  const areas = useMemo(() => inNavigation(areaPages), [])
  const here = useRouterState({ select: (state) => state.location.pathname })
  const showNavigation = areas.length > 0 && !isOpen(here)
  if (view === 'wall')
    return (
      <Wall>
        <Top />
        <Content />
      </Wall>
    )
  const tools = (
    <span className="shell-tools">
      {view === 'pocket' ? (
        <DialogButton words={t('shell.menu')} title={t('shell.nav')}>
          {(close) => (
            <>
              {showNavigation ? <Navigation areas={areas} onGo={close} /> : null}
              <Settings />
              <LeaveExercise />
            </>
          )}
        </DialogButton>
      ) : (
        <>
          <Button onPress={() => setPalette(true)}>
            {t('palette.open')} <kbd className="shell-key">Ctrl K</kbd>
          </Button>
          <Settings />
          <LeaveExercise />
        </>
      )}
    </span>
  )
  return (
    <div className="shell">
      <a className="shell-skip" href="#content">
        {t('shell.skip')}
      </a>
      <Top tools={tools} />
      <div className="shell-middle">
        {view === 'desk' && showNavigation ? (
          <div className="shell-nav">
            <Navigation areas={areas} />
          </div>
        ) : null}
        <Content />
      </div>
      <Palette open={palette} setOpen={setPalette} />
    </div>
  )
}
