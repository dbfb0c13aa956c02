import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PackWords } from './words.ts'

/** A table of the report: cells are plain text, whatever a person wrote. */
export interface ReportTable {
  title: string
  note: string
  columns: readonly string[]
  rows: readonly (readonly string[])[]
}
export interface ReportData {
  language: 'en' | 'fr'
  /** LIVE, or EXERCISE with its name: on every page, with the marking. */
  mode: string
  marking: string
  title: string
  by: string
  facts: readonly (readonly [string, string])[]
  notes: readonly string[]
  tables: readonly ReportTable[]
  words: Pick<PackWords, 'contents' | 'none' | 'page'>
}

// Everything that a person wrote comes in as data: nothing of it is ever read as source.
const template = `#let data = json("data.json")
#set document(title: data.title, author: data.by, date: none)
#set text(lang: data.language, size: 9pt, font: ("Libertinus Serif", "DejaVu Sans"))
#set page(paper: "a4", margin: (x: 18mm, y: 22mm),
  header: text(size: 8pt, weight: "bold")[#data.mode #h(1fr) #data.marking],
  footer: context text(size: 8pt)[#data.mode · #data.marking #h(1fr) #data.words.page #counter(page).display()])
#set par(justify: false)
#show heading.where(level: 1): set text(size: 16pt)
#show heading.where(level: 2): set text(size: 12pt)
#set heading(numbering: none)
= #data.title
#text(data.by)
#for fact in data.facts [
  - *#text(fact.at(0)):* #text(fact.at(1))
]
#for note in data.notes [
  #par(text(note))
]
#outline(title: data.words.contents, depth: 2)
#for part in data.tables [
  == #text(part.title)
  #if part.note != "" [ #text(part.note) ]
  #if part.rows.len() == 0 [ #text(data.words.none) ] else {
    table(columns: part.columns.map(_ => auto), stroke: 0.4pt + luma(160), inset: 3pt,
      table.header(..part.columns.map(name => text(weight: "bold", name))),
      ..part.rows.flatten().map(cell => text(size: 7.5pt, cell)))
  }
]
`

export interface Report {
  name: 'report.pdf' | 'report.html'
  bytes: Uint8Array
  /** Why it is not a PDF, in words; null when it is. */
  without: string | null
}

/** The report for people: a tagged PDF (PDF/UA-1, not certified) where the typesetter is installed, else the same as HTML, which says so. */
export async function reportOf(data: ReportData): Promise<Report> {
  try {
    const { NodeCompiler } = await import('@myriaddreamin/typst-ts-node-compiler')
    // The folder is only a name: both files live in memory.
    const workspace = tmpdir()
    const compiler = NodeCompiler.create({ workspace })
    compiler.mapShadow(join(workspace, 'data.json'), Buffer.from(JSON.stringify(data)))
    const bytes = compiler.pdf({ mainFileContent: template }, { pdfStandard: 'ua-1' })
    compiler.resetShadow()
    compiler.evictCache(0)
    if (!isTagged(bytes)) throw new Error('the typesetter left the tag tree empty')
    return { name: 'report.pdf', bytes, without: null }
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND'
    const without = missing
      ? 'No PDF: the typesetter is an optional part and is not installed on this server. This is the same report as HTML.'
      : 'No PDF: the typesetter could not set it. This is the same report as HTML.'
    return { name: 'report.html', bytes: Buffer.from(htmlOf(data, without)), without }
  }
}

/** Does the PDF say that it is marked, and have a tree of tags that is not empty? Not a validation. */
export function isTagged(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  return /\/StructTreeRoot/.test(text) && /\/Marked true/.test(text) && /\/S ?\/H1\b/.test(text) && /\/S ?\/TD\b|\/S ?\/P\b/.test(text)
}

const escaped = (text: string) =>
  text.replace(/[&<>"']/g, (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[letter] ?? letter)

function htmlOf(data: ReportData, without: string): string {
  const cell = (tag: string) => (text: string) => `<${tag}${tag === 'th' ? ' scope="col"' : ''}>${escaped(text)}</${tag}>`
  const table = (part: ReportTable) =>
    `<h2>${escaped(part.title)}</h2><p>${escaped(part.note)}</p>` +
    (part.rows.length === 0
      ? `<p>${escaped(data.words.none)}</p>`
      : `<table><thead><tr>${part.columns.map(cell('th')).join('')}</tr></thead><tbody>${part.rows
          .map((row) => `<tr>${row.map(cell('td')).join('')}</tr>`)
          .join('\n')}</tbody></table>`)
  const mark = `<p class="mark">${escaped(data.mode)} · ${escaped(data.marking)}</p>`
  return `<!doctype html><html lang="${data.language}"><head><meta charset="utf-8"><title>${escaped(data.title)}</title>
<style>body{font:14px/1.4 sans-serif;margin:2em}table{border-collapse:collapse}td,th{border:1px solid #999;padding:2px 6px;text-align:left;vertical-align:top}
.mark{font-weight:bold}@media print{.mark{position:fixed;top:0}}</style></head><body>${mark}<h1>${escaped(data.title)}</h1><p>${escaped(data.by)}</p>
<p>${escaped(without)}</p><ul>${data.facts.map(([name, value]) => `<li><strong>${escaped(name)}:</strong> ${escaped(value)}</li>`).join('')}</ul>
${data.notes.map((note) => `<p>${escaped(note)}</p>`).join('')}${data.tables.map(table).join('\n')}${mark}</body></html>`
}
