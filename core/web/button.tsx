import type { ReactNode } from 'react'
import { Button as AriaButton, type ButtonProps } from 'react-aria-components/Button'
import './button.css'

export interface ButtonWords extends Omit<ButtonProps, 'className' | 'style' | 'children'> {
  children: ReactNode
  /** One `primary` to a screen; `alarm` for what cannot be undone; `plain` is a word that acts. */
  kind?: 'primary' | 'normal' | 'plain' | 'alarm'
  /** Busy keeps its words and its place, and says so. */
  busy?: boolean
  /** A big answer for a thumb: full width, two lines if need be. */
  big?: boolean
}

export const Button = ({ kind = 'normal', busy = false, big = false, children, ...rest }: ButtonWords) => (
  <AriaButton {...rest} isPending={busy} className={`button button-${kind}${big ? ' button-big' : ''}`}>
    {children}
  </AriaButton>
)

/** The three big answers of the pocket view, one under the other, within reach of a thumb. */
export const Answers = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="answers" role="group" aria-label={label}>
    {children}
  </div>
)
