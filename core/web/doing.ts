import { useCallback, useRef, useState } from 'react'
import { asProblem, type ProblemError } from './problem-error.ts'

export interface Doing<A extends unknown[]> {
  busy: boolean
  problem: ProblemError | null
  /** Never throws; false when it was refused. */
  run(...input: A): Promise<boolean>
}

/** Something at the door that is no operation: whether it is under way, and why it was refused. */
export function useDoing<A extends unknown[]>(work: (...input: A) => Promise<void>): Doing<A> {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ProblemError | null>(null)
  const latest = useRef(work)
  latest.current = work
  const run = useCallback(async (...input: A) => {
    setBusy(true)
    setProblem(null)
    try {
      await latest.current(...input)
      return true
    } catch (error) {
      setProblem(asProblem(error))
      return false
    } finally {
      setBusy(false)
    }
  }, [])
  return { busy, problem, run }
}
