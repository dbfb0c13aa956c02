import { parse } from 'csv-parse/sync'
import { invalid } from '#core/errors.ts'

export interface Network {
  names: string[]
  arcs: [from: number, to: number][]
  /** As written, for each arc; 1 is the strongest tie. Undefined where none is given. */
  frequencies: (number | undefined)[]
  lines: string[]
}

function table(text: string, field: 'edges' | 'nodes', columns: readonly string[]): { row: Record<string, string>; line: number }[] {
  let records: { record: Record<string, string>; info: { lines: number } }[]
  try {
    records = parse(text, { columns: true, bom: true, skip_empty_lines: true, relax_column_count: true, info: true, trim: true }) as never
  } catch (error) {
    // The reader's own message quotes the text; an error tells where, never what.
    const line = typeof error === 'object' && error !== null && 'lines' in error ? ` from line ${String(error.lines)} on` : ''
    throw invalid(
      field,
      `This is not a CSV table: it cannot be read${line}. Nothing was analysed. Look for a quotation mark that is not closed.`,
    )
  }
  const missing = columns.filter((column) => records.length > 0 && !(column in records[0]!.record))
  if (records.length === 0 || missing.length > 0)
    throw invalid(field, `The table needs a line of headings with ${columns.join(', ')}. Nothing was analysed.`)
  return records.map(({ record, info }) => ({ row: record, line: info.lines }))
}

/**
 * Reads edges (`from`, `to`, perhaps `frequency`) and nodes (`id`, perhaps `name`). A line that cannot be used is told and left out; the rest stands.
 * Errors: invalid `edges` or `nodes`, when a table cannot be read at all.
 */
export function readNetwork(edges: string, nodes?: string): Network {
  const lines: string[] = []
  const place = new Map<string, number>()
  const names: string[] = []
  for (const { row, line } of nodes === undefined ? [] : table(nodes, 'nodes', ['id'])) {
    const id = row.id ?? ''
    if (id === '' || place.has(id)) lines.push(`nodes, line ${line}: ${id === '' ? 'no id' : `${id} stands twice`}; left out`)
    else {
      place.set(id, names.length)
      names.push(row.name || id)
    }
  }
  const arcs: Network['arcs'] = []
  const frequencies: Network['frequencies'] = []
  const seen = new Set<string>()
  for (const { row, line } of table(edges, 'edges', ['from', 'to'])) {
    for (const id of [row.from ?? '', row.to ?? ''])
      if (nodes === undefined && id !== '' && !place.has(id)) {
        place.set(id, names.length)
        names.push(id)
      }
    const [from, to] = [place.get(row.from ?? ''), place.get(row.to ?? '')]
    const why =
      from === undefined || to === undefined
        ? 'one end is no node'
        : from === to
          ? 'it ends where it begins'
          : seen.has(`${from} ${to}`)
            ? 'it stands twice'
            : undefined
    if (from === undefined || to === undefined || why !== undefined) {
      lines.push(`edges, line ${line}: ${why ?? ''}; left out`)
      continue
    }
    seen.add(`${from} ${to}`)
    arcs.push([from, to])
    const frequency = Number(row.frequency)
    frequencies.push(row.frequency === undefined || row.frequency === '' || !Number.isFinite(frequency) ? undefined : frequency)
  }
  return { names, arcs, frequencies, lines }
}
