import { type GatedDocument, type GateOptions, withDocument } from '#core/xml/gate.ts'
import { XmlRefusal } from '#core/xml/refusal.ts'
import { elementSpans, startTag } from '#core/xml/source-slice.ts'
import { elementsIn, textOf, type XmlNode } from '#core/xml/tree.ts'
import { versionOf } from './structure-tables.ts'

/**
 * Finds every CAP alert in a file: the file itself, or anything it carries (Atom, RSS, EDXL-DE or any other envelope, at any depth), as
 * elements, or as a whole document inside a text (escaped, CDATA, base64 content of EDXL-DE). Nothing that an address points to is fetched.
 */
export type FoundAlert =
  | { kind: 'alert'; bare: boolean; source: string /** The element as it was written. */; element: string }
  /** It says that it is an alert and cannot be judged. */
  | { kind: 'refused'; reason: string }

export const MAX_ALERTS = 1_000
const MAX_DEPTH = 4

/** @throws XmlRefusal when the file itself may not be opened, or carries absurdly many alerts */
export function findAlerts(file: Uint8Array, options: GateOptions): { found: FoundAlert[]; root: string } {
  const found: FoundAlert[] = []
  const root = open(file, options, 0, found, { inner: 0 })
  return { found, root }
}

function open(source: Uint8Array | string, options: GateOptions, depth: number, found: FoundAlert[], counter: { inner: number }): string {
  return withDocument(source, options, (document) => {
    const spans = elementSpans(document.source)
    const visit = (node: XmlNode): void => {
      if (node.name === 'alert' && versionOf(node.namespace) !== undefined) {
        add(found, cutOut(document, node, spans[node.position] ?? { start: 0, end: document.source.length }, depth))
      } else if (node.name === 'alert' && /emergency:cap|incident\.com\/cap/i.test(node.namespace)) {
        add(found, { kind: 'refused', reason: 'an alert of another version than CAP 1.1 and 1.2' })
      } else if (elementsIn(node).length > 0) for (const child of elementsIn(node)) visit(child)
      else openText(node, options, depth, found, counter)
    }
    visit(document.root)
    return document.root.name
  })
}

function add(found: FoundAlert[], alert: FoundAlert): void {
  if (found.length >= MAX_ALERTS) throw new XmlRefusal('too-complex', `It carries more than ${MAX_ALERTS} alerts.`)
  found.push(alert)
}

function openText(node: XmlNode, options: GateOptions, depth: number, found: FoundAlert[], counter: { inner: number }): void {
  const text = textOf(node).trim()
  const inner = text.startsWith('<') ? text : decoded(node, text)
  if (inner === undefined || !/emergency:cap|incident\.com\/cap/i.test(inner) || !looksLikeDocument(inner)) return
  if (depth >= MAX_DEPTH) return add(found, { kind: 'refused', reason: 'an alert wrapped too many times over' })
  const before = found.length
  counter.inner += 1
  if (counter.inner > MAX_ALERTS) throw new XmlRefusal('too-complex', `It carries more than ${MAX_ALERTS} messages.`)
  try {
    open(inner.replace(/^<\?xml[^>]*\?>/, ''), options, depth + 1, found, counter)
  } catch (error) {
    if (!(error instanceof XmlRefusal) || error.reason === 'too-complex') throw error
    found.splice(before)
    add(found, { kind: 'refused', reason: error.message.replace(/^It /, 'a message inside it ') })
  }
}

/* EDXL-DE nonXMLContent: base64 in contentData beside a mimeType that says XML. */
function decoded(node: XmlNode, text: string): string | undefined {
  if (node.name !== 'contentData' || text.length < 40 || !/^[A-Za-z0-9+/\s]+={0,2}$/.test(text)) return undefined
  const inner = Buffer.from(text, 'base64')
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trim()
  return inner.startsWith('<') ? inner : undefined
}

function looksLikeDocument(text: string): boolean {
  return /^(<\?[^>]*\?>\s*|<!--[^]{0,2000}?-->\s*)*<(!DOCTYPE|([\w.-]+:)?(alert|feed|rss|EDXLDistribution)\b)/.test(text.slice(0, 6000))
}

/**
 * The alert's own document. Bare: as it is. Carried: the element exactly as written, with the namespaces that it takes from around it
 * written into its start tag, and nothing else, so that a signature made before it was put into the feed can still be checked.
 */
function cutOut(document: GatedDocument, alert: XmlNode, span: { start: number; end: number }, depth: number): FoundAlert {
  const element = document.source.slice(span.start, span.end)
  const bare = depth === 0 && alert.position === 0
  if (bare) return { kind: 'alert', bare, source: document.source, element }
  const tag = startTag(document.source, span.start)
  const inherited = prefixesIn(element).filter((prefix) => !declares(tag, prefix))
  const written = inherited.map((prefix) => {
    const uri = prefix === 'xml' ? null : document.namespaceFor(alert, prefix)
    return uri === null ? '' : ` xmlns${prefix && `:${prefix}`}="${escapeAttribute(uri)}"`
  })
  const name = /^<[^\s/>]+/.exec(element)?.[0] ?? '<alert'
  return { kind: 'alert', bare, source: name + written.join('') + element.slice(name.length), element }
}

function declares(tag: string, prefix: string): boolean {
  return new RegExp(`\\sxmlns${prefix && `:${escapePattern(prefix)}`}\\s*=`).test(tag)
}

/** Every prefix that the element might use, '' when it has a name without one. Text may bring in too many; those stand for nothing. */
function prefixesIn(element: string): string[] {
  const prefixes = new Set([...element.matchAll(/(?<=[\s</"'])([A-Za-z_][\w.-]*):/g)].map((match) => match[1] as string))
  if (/<[^\s:/>!?]+[\s/>]/.test(element)) prefixes.add('')
  return [...prefixes]
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function escapeAttribute(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;')
}
