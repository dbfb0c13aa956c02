import { useEffect, useRef } from 'react'
import { open } from '#core/record/reading/contract.ts'
import { callCommand } from './client.ts'
import { useView } from './view.ts'

/**
 * Notes in the record that this person opened a thing: once for each time the page shows it. A wall opens nothing, since nobody is known to look.
 * When it cannot be noted the page goes on: *not recorded* never says that somebody did not see.
 */
export function useOpened(table: string, id: string | undefined): void {
  const view = useView()
  const noted = useRef<string | undefined>(undefined)
  useEffect(() => {
    if (id === undefined || view === 'wall' || noted.current === id) return
    noted.current = id
    void callCommand(open, { table, id }).catch(() => {})
  }, [table, id, view])
}
