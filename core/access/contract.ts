import { z } from 'zod'
import { isToken } from './label.ts'
import { wrongForm } from './marking.ts'

export const Token = z.string().refine(isToken, 'A token is kind:id, of a known kind, with letters, digits, dot, underscore or hyphen.')

/** The words of a marking: their form. Which words there are is the city's scheme; the server and the database hold them against it. */
export const MarkingText = z
  .string()
  .max(500)
  .superRefine((text, context) => {
    const wrong = wrongForm(text)
    if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong })
  })

/** A label as it is sent: who may read (clauses of tokens) and how it is written (marking). An empty audience is allowed, and is nobody. */
export const LabelInput = z.strictObject({
  clauses: z.array(z.array(Token).max(1000)).max(64),
  marking: MarkingText,
})
export type LabelInput = z.infer<typeof LabelInput>
