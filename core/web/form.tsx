import { type FormEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { Form as AriaForm } from 'react-aria-components/Form'
import { valuesOf } from './form-values.ts'
import type { ProblemError } from './problem-error.ts'
import { Problem } from './problem.tsx'
import './form.css'

export interface FormWords {
  /** What a person wrote, by field name. Empty fields are left out, so that optional stays absent. */
  onSubmit: (values: Record<string, string>) => void
  /** The refusal of the last attempt: beside its field when it names one, else above the form. */
  problem?: ProblemError | null
  children: ReactNode
  label?: string
}

/** A form that keeps what was written, whatever happens. */
export function Form({ onSubmit, problem = null, children, label }: FormWords) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    onSubmit(valuesOf(new FormData(event.currentTarget)))
  }
  // A refusal leaves its field with the first letter of the mending. Left until the field is left, it would go under the finger that presses the button:
  // the button moves, and the press is lost.
  const [mended, mend] = useState<ProblemError | null>(null)
  const field = problem === mended ? undefined : problem?.field
  const refused = useMemo(() => (field && problem ? { [field]: problem.detail } : {}), [field, problem])
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    const here = form.current
    const touched = ({ target }: Event) => {
      // After the field has taken the letter: drawn before that, it would be put back to what it was.
      if (field !== undefined && (target as Partial<HTMLInputElement>).name === field) setTimeout(() => mend(problem))
    }
    here?.addEventListener('input', touched)
    return () => here?.removeEventListener('input', touched)
  }, [field, problem])
  return (
    <AriaForm
      className="form"
      onSubmit={submit}
      ref={form}
      validationErrors={refused}
      {...(label === undefined ? {} : { 'aria-label': label })}
    >
      {problem ? <Problem problem={problem} /> : null}
      {children}
    </AriaForm>
  )
}

/** The buttons at the end of a form: the deed first, then the way out. */
export const FormButtons = ({ children }: { children: ReactNode }) => <div className="form-buttons">{children}</div>
