import type { Tx } from '#core/operation/implement.ts'
import type { CodeHistory } from '../../code-history/rules.ts'
import type { AreaService } from '../../code-history/contract.ts'
import type { ImportReport, LineProblem, Told } from '../contract.ts'
import type { CsvLine } from '../read-csv.ts'

/** What an import carries from file to file: one transaction, one report. */
export interface Importing {
  tx: Tx
  at: Date
  id: () => string
  /** The city's code: everybody in it may read what is taken in. */
  city: string
  preview: boolean
  complete: boolean
  report: ImportReport
  /** What is known about codes, this import's own lists of changes included. */
  codes: { history: CodeHistory; areas: ReadonlyMap<string, readonly AreaService[]> }
  refuse(problem: LineProblem): void
  tell(told: Told): void
}

/** A file of lines, opened as far as its headings. */
export interface List {
  name: string
  headings: readonly string[]
  batches: AsyncIterable<CsvLine[]>
}
