import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { flushSync } from 'react-dom'
import { Cell, Column, Row, Table as AriaTable, TableBody, TableHeader, type SortDescriptor } from 'react-aria-components/Table'
import { Button } from './button.tsx'
import { sorted, type Sortable } from './sorting.ts'
import { useWords } from './words.ts'
import './table.css'

export interface TableColumn<T> {
  id: string
  title: string
  cell: (row: T) => ReactNode
  /** What the column sorts by; a column without it does not sort. */
  sort?: (row: T) => Sortable
  /** The column that names the row to a screen reader; the first when none says so. */
  names?: boolean
  /** Figures stand to the end, tabular. */
  figures?: boolean
  /** What the row is called in type-ahead and by a screen reader, when the cell is not plain text. */
  text?: (row: T) => string
}

export interface TableWords<T> {
  label: string
  rows: readonly T[]
  columns: readonly TableColumn<T>[]
  rowId: (row: T) => string
  /** Enter, or a click, on a row. */
  onOpen?: (row: T) => void
  /** Shown in place of rows: an EmptyState. */
  empty?: ReactNode
  sortedBy?: { column: string; direction: 'ascending' | 'descending' }
  /** Rows that need a look, marked at their edge; the row must say why in words. */
  alarmed?: (row: T) => boolean
  /** Of a long table so many rows are drawn at first, after sorting; the rest at a press, and all of them on paper. */
  most?: number
}

/** A dense table as a keyboard grid: arrows move, Enter opens, headings sort and stay in sight. In the pocket each row becomes a card. */
export function Table<T extends object>({ label, rows, columns, rowId, onOpen, empty, sortedBy, alarmed, most }: TableWords<T>) {
  const t = useWords()
  const [order, setOrder] = useState<SortDescriptor | undefined>(sortedBy)
  const namesRow = columns.find((column) => column.names)?.id ?? columns[0]?.id
  const [room, setRoom] = useState(most)
  const inOrder = useMemo(() => {
    const by = columns.find((column) => column.id === order?.column)?.sort
    return by && order ? sorted(rows, by, order.direction === 'descending') : rows
  }, [rows, columns, order])
  const shown = room === undefined ? inOrder : inOrder.slice(0, room)
  useEffect(() => {
    if (most === undefined) return
    const paper = () => flushSync(() => setRoom(undefined))
    const screen = () => setRoom(most)
    addEventListener('beforeprint', paper)
    addEventListener('afterprint', screen)
    return () => {
      removeEventListener('beforeprint', paper)
      removeEventListener('afterprint', screen)
    }
  }, [most])
  if (rows.length === 0) return <>{empty ?? <p className="soft">{t('table.empty')}</p>}</>
  const table = (
    <div className="table-frame">
      <AriaTable
        aria-label={label}
        className="table"
        {...(order ? { sortDescriptor: order } : {})}
        onSortChange={setOrder}
        {...(onOpen
          ? {
              onRowAction: (key: string | number) => {
                const row = rows.find((one) => rowId(one) === key)
                if (row) onOpen(row)
              },
            }
          : {})}
      >
        <TableHeader className="table-head">
          {columns.map((column) => (
            <Column
              key={column.id}
              id={column.id}
              isRowHeader={column.id === namesRow}
              allowsSorting={column.sort !== undefined}
              className={`table-column${column.figures ? ' table-figures' : ''}`}
            >
              {({ sortDirection }) => (
                <>
                  {column.title}
                  {column.sort ? (
                    <span className="table-arrow" aria-hidden="true">
                      {sortDirection === 'ascending' ? '▲' : sortDirection === 'descending' ? '▼' : ''}
                    </span>
                  ) : null}
                </>
              )}
            </Column>
          ))}
        </TableHeader>
        <TableBody>
          {shown.map((row) => (
            <Row
              key={rowId(row)}
              id={rowId(row)}
              className={`table-row${onOpen ? ' table-row-opens' : ''}${alarmed?.(row) ? ' table-row-alarmed' : ''}`}
            >
              {columns.map((column) => (
                <Cell
                  key={column.id}
                  {...(column.text ? { textValue: column.text(row) } : {})}
                  className={`table-cell${column.figures ? ' table-figures' : ''}${column.id === namesRow ? ' table-cell-names' : ''}`}
                >
                  <span className="table-cell-title" aria-hidden="true">
                    {column.title}
                  </span>
                  <span className="table-cell-content">{column.cell(row)}</span>
                </Cell>
              ))}
            </Row>
          ))}
        </TableBody>
      </AriaTable>
    </div>
  )
  if (most === undefined || shown.length === rows.length) return table
  return (
    <>
      {table}
      <div className="row table-more">
        <span className="soft small">{t('table.shown', { shown: shown.length, all: rows.length })}</span>
        <Button onPress={() => setRoom(shown.length + most)}>{t('table.more')}</Button>
        <Button onPress={() => setRoom(undefined)}>{t('table.allRows')}</Button>
      </div>
    </>
  )
}
