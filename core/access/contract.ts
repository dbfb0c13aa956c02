import { z } from 'zod'
import { ConcordError } from '#core/errors.ts'
import { isToken } from './label.ts'
import { parseMarking } from './marking.ts'

export const Token = z.string().refine(isToken, 'A token is kind:id, of a known kind, with letters, digits, dot, underscore or hyphen.')

/** The words of a marking; refused when TLP or a classification is not written exactly. */
export const MarkingText = z
  .string()
  .max(500)
  .superRefine((text, context) => {
    try {
      parseMarking(text)
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof ConcordError ? error.message : 'This marking cannot be read.' })
    }
  })

/** A label as it is sent: who may read (clauses of tokens) and how it is written (marking). An empty audience is allowed, and is nobody. */
export const LabelInput = z.strictObject({
  clauses: z.array(z.array(Token).max(1000)).max(64),
  marking: MarkingText,
})
export type LabelInput = z.infer<typeof LabelInput>
