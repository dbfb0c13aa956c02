import { createContext, use } from 'react'
import type { z } from 'zod'
import type { whoAmI } from './self.ts'

export type SelfAnswer = z.output<typeof whoAmI.output>

/** The whole answer of `access.self`, for the shell's own parts. */
export const SelfAnswerHere = createContext<SelfAnswer | null>(null)
export const useSelfAnswer = () => use(SelfAnswerHere)
