import {
  ParseOption,
  XmlC14NMode,
  XmlCData,
  XmlDocument,
  XmlElement,
  type XmlNode as LibraryNode,
  XmlText,
  XmlTreeNode,
} from 'libxml2-wasm'
import { decodeXml } from './decode.ts'
import { hasDoctype } from './prolog.ts'
import { XmlRefusal } from './refusal.ts'
import type { XmlNode } from './tree.ts'

export const DEFAULT_MAX_XML_BYTES = 4 * 1024 * 1024
const MAX_NODES = 75_000
const MAX_ATTRIBUTES = 30_000
const MAX_NAMESPACES = 5_000

/* No network, no outside entities, no catalogue; the encoding was already undone, so what the text says of it is ignored. */
const PARSE: ParseOption =
  ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NO_SYS_CATALOG | ParseOption.XML_PARSE_IGNORE_ENC

export type GateOptions = {
  maxBytes?: number | undefined
  /** Leave out white space that only lays out elements (a leaf's own white space stays). */
  withoutLayout?: boolean
}

export type Canonical = {
  method: 'inclusive-1.0' | 'inclusive-1.1' | 'exclusive'
  /** PrefixList of an exclusive canonicalisation. */
  prefixes?: string[]
}

export type GatedDocument = {
  root: XmlNode
  /** The decoded source, exactly what was parsed. */
  source: string
  /** The namespace that a prefix ('' for the default) stands for at that element; null when it stands for none. */
  namespaceFor: (node: XmlNode, prefix: string) => string | null
  /** Canonical text of one element and what is in it, without comments. */
  canonicalElement: (node: XmlNode, how: Canonical) => string
  /** Canonical text of the whole document, and of its root alone, without comments and without one element. */
  canonicalWithout: (node: XmlNode, how: Canonical) => { document: string; root: string }
}

/**
 * The one way to open XML: within the size, without a DOCTYPE, well-formed, not absurdly large inside, and always disposed of.
 * `work` gets plain data and must not keep the document's functions.
 * @throws XmlRefusal
 */
export function withDocument<T>(source: Uint8Array | string, options: GateOptions, work: (document: GatedDocument) => T): T {
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_XML_BYTES
  const size = typeof source === 'string' ? Buffer.byteLength(source) : source.byteLength
  if (size > maxBytes) throw new XmlRefusal('too-large', `It is ${size} bytes long; the limit is ${maxBytes} bytes.`)
  const text = typeof source === 'string' ? source : decodeXml(source)
  if (hasDoctype(text)) throw new XmlRefusal('doctype', 'It contains a DOCTYPE, which is never opened. Send it without one.')
  if ((text.match(/\bxmlns\b/g)?.length ?? 0) > MAX_NAMESPACES)
    throw new XmlRefusal('too-complex', `It declares more than ${MAX_NAMESPACES} namespaces.`)
  const document = parse(text, options.withoutLayout === true)
  try {
    if (document.dtd !== null) throw new XmlRefusal('doctype', 'It contains a DOCTYPE, which is never opened. Send it without one.')
    if (Number(document.eval('count(//node())')) > MAX_NODES || Number(document.eval('count(//@*)')) > MAX_ATTRIBUTES)
      throw new XmlRefusal('too-complex', `It has more than ${MAX_NODES} parts or ${MAX_ATTRIBUTES} attributes.`)
    return work(gated(document, text))
  } finally {
    document.dispose()
  }
}

function parse(text: string, withoutLayout: boolean): XmlDocument {
  try {
    return XmlDocument.fromString(text, { option: withoutLayout ? PARSE | ParseOption.XML_PARSE_NOBLANKS : PARSE })
  } catch (error) {
    /* libxml2's own words may quote the content; the place is enough. */
    const line = (error as { details?: { line?: number }[] }).details?.[0]?.line
    throw new XmlRefusal('not-xml', `It is not well-formed XML${line === undefined ? '' : ` (line ${line})`}.`)
  }
}

function gated(document: XmlDocument, source: string): GatedDocument {
  const elements: XmlElement[] = []
  const root = copy(document.root, elements)
  const at = (node: XmlNode): XmlElement => {
    const element = elements[node.position]
    if (element === undefined) throw new RangeError('That element is of another document.')
    return element
  }
  return {
    root,
    source,
    namespaceFor: (node, prefix) => at(node).namespaceForPrefix(prefix) || null,
    canonicalElement: (node, how) => at(node).canonicalizeToString(options(how)),
    canonicalWithout: (node, how) => {
      const left = at(node)
      const whole = document.canonicalizeToString({ ...options(how), isVisible: (candidate) => !candidate.isSameNode(left) })
      return { document: whole, root: rootOnly(whole) }
    },
  }
}

/* Canonical XML puts each instruction before the root on its own line, and each after it after a line break; comments are already gone. */
function rootOnly(canonical: string): string {
  let start = 0
  while (canonical.startsWith('<?', start)) start = canonical.indexOf('?>\n', start) + 3
  const end = canonical.lastIndexOf('</')
  return canonical.slice(start, canonical.indexOf('>', end) + 1)
}

function options(how: Canonical) {
  const modes = {
    'inclusive-1.0': XmlC14NMode.XML_C14N_1_0,
    'inclusive-1.1': XmlC14NMode.XML_C14N_1_1,
    exclusive: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0,
  }
  const prefixes = how.method === 'exclusive' && how.prefixes?.length ? { inclusiveNamespacePrefixes: how.prefixes } : {}
  return { mode: modes[how.method], withComments: false, ...prefixes }
}

/* Depth is bounded by libxml2 (256), so the walk may recurse. */
function copy(element: XmlElement, elements: XmlElement[]): XmlNode {
  const node: XmlNode = {
    name: element.name,
    namespace: element.namespaceUri,
    attributes: element.attrs.map((attribute) => ({ name: attribute.name, namespace: attribute.namespaceUri, value: attribute.value })),
    children: [],
    position: elements.length,
    line: element.line,
  }
  elements.push(element)
  for (const child of childrenOf(element)) {
    if (child instanceof XmlElement) node.children.push(copy(child, elements))
    else if (child instanceof XmlText || child instanceof XmlCData) {
      const last = node.children.length - 1
      const before = node.children[last]
      if (typeof before === 'string') node.children[last] = before + child.content
      else node.children.push(child.content)
    }
  }
  return node
}

/* libxml2-wasm cannot step on from a processing instruction (it has no `next`); where one stands, XPath lists the rest. */
function childrenOf(element: XmlElement): LibraryNode[] {
  const children: LibraryNode[] = []
  let child: LibraryNode | null = element.firstChild
  while (child !== null) {
    if (!(child instanceof XmlTreeNode)) return element.find('*|text()')
    children.push(child)
    child = child.next
  }
  return children
}
