import type { FormEvent, ReactNode } from 'react'
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
  const field = problem?.field
  return (
    <AriaForm
      className="form"
      onSubmit={submit}
      validationErrors={field && problem ? { [field]: problem.detail } : {}}
      {...(label === undefined ? {} : { 'aria-label': label })}
    >
      {problem ? <Problem problem={problem} /> : null}
      {children}
    </AriaForm>
  )
}

/** The buttons at the end of a form: the deed first, then the way out. */
export const FormButtons = ({ children }: { children: ReactNode }) => <div className="form-buttons">{children}</div>
