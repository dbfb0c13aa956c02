import type { ReactNode } from 'react'
import './page.css'

/** The head of every page: what it is, one line of why, its label and age at the end, its buttons below. */
export const PageHead = ({ title, lead, aside, actions }: { title: string; lead?: ReactNode; aside?: ReactNode; actions?: ReactNode }) => (
  <header className="page-head">
    <div className="page-head-words">
      <h1>{title}</h1>
      {lead === undefined ? null : <p className="prose soft">{lead}</p>}
    </div>
    {aside === undefined ? null : <div className="page-head-aside row">{aside}</div>}
    {actions === undefined ? null : <div className="page-head-actions row">{actions}</div>}
  </header>
)

/** A part of a page, with its own heading. */
export const Section = ({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) => (
  <section className="page-section">
    <div className="page-section-head">
      <h2>{title}</h2>
      {aside === undefined ? null : <div className="row">{aside}</div>}
    </div>
    {children}
  </section>
)

/** Main thing beside a narrower one; one under the other where there is no room. */
export const Beside = ({ children }: { children: ReactNode }) => <div className="page-beside">{children}</div>

export interface Fact {
  name: string
  value: ReactNode
}
/** Names and values in two columns, as on a form that has been filled in. */
export const Facts = ({ facts }: { facts: readonly Fact[] }) => (
  <dl className="facts">
    {facts.map((fact) => (
      <div key={fact.name} className="facts-line">
        <dt>{fact.name}</dt>
        <dd>{fact.value}</dd>
      </div>
    ))}
  </dl>
)
