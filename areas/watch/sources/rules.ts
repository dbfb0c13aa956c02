import { createHash } from 'node:crypto'
import { withDocument } from '#core/xml/gate.ts'
import { XmlRefusal } from '#core/xml/refusal.ts'
import { elementsIn, textOf, type XmlNode } from '#core/xml/tree.ts'

/** How many links of a feed are followed in one turn, and how often each is tried. */
export const LINKS_AT_ONCE = 50
export const LINK_TRIES = 5

/** Doubles with each failure, up to a quarter of an hour or the source's own pace, whichever is longer: a warning feed is never left for long. */
export function backOff(everySeconds: number, failures: number, from: Date): Date {
  const seconds = Math.min(everySeconds * 2 ** Math.min(failures, 6), Math.max(everySeconds, 900))
  return new Date(from.getTime() + seconds * 1000)
}

export interface FeedLink {
  address: string
  /** Equal for the same edition of the same message: a changed entry is fetched again. */
  key: string
}

/** What an Atom or RSS feed points to, one for each entry; undefined when it is no feed. Pure: nothing is fetched here. */
export function feedLinks(bytes: Uint8Array, base: string): FeedLink[] | undefined {
  try {
    return withDocument(bytes, {}, ({ root }) => {
      if (root.name === 'feed') return linksOf(named(root, 'entry'), atomLink, base)
      if (root.name === 'rss' || root.name === 'RDF') {
        const channel = named(root, 'channel')[0]
        return linksOf([...named(root, 'item'), ...(channel ? named(channel, 'item') : [])], rssLink, base)
      }
      return undefined
    })
  } catch (error) {
    if (error instanceof XmlRefusal) return undefined
    throw error
  }
}

const named = (node: XmlNode, name: string) => elementsIn(node).filter((child) => child.name === name)
const attribute = (node: XmlNode, name: string) => node.attributes.find((one) => one.name === name && one.namespace === '')?.value
const words = (node: XmlNode, names: readonly string[]) =>
  names
    .map((name) =>
      named(node, name)
        .map((child) => textOf(child).trim())
        .join(' '),
    )
    .join('\n')

function linksOf(entries: XmlNode[], of: (entry: XmlNode) => string | undefined, base: string): FeedLink[] {
  const found = new Map<string, FeedLink>()
  for (const entry of entries) {
    const address = absolute(of(entry), base)
    if (address === undefined) continue
    const edition = words(entry, ['id', 'guid', 'updated', 'published', 'pubDate', 'date'])
    const key = createHash('sha256').update(`${address}\n${edition}`).digest('hex')
    found.set(key, { address, key })
  }
  return [...found.values()]
}

/** The link that says it is CAP, else one that says it is XML, else one whose address looks so, else the entry's own; never a web page. */
function atomLink(entry: XmlNode): string | undefined {
  const links = named(entry, 'link').filter((link) => ['alternate', 'enclosure', 'related', undefined].includes(attribute(link, 'rel')))
  const typed = (pattern: RegExp) => links.find((link) => pattern.test(attribute(link, 'type') ?? ''))
  const plain = links.filter((link) => !/html|image|pdf/i.test(attribute(link, 'type') ?? ''))
  const chosen =
    typed(/cap\+xml|common-alerting/i) ??
    typed(/xml/i) ??
    plain.find((link) => /\.(cap|xml)([?#]|$)/i.test(attribute(link, 'href') ?? '')) ??
    plain[0]
  return chosen && attribute(chosen, 'href')
}

function rssLink(item: XmlNode): string | undefined {
  const enclosure = named(item, 'enclosure').find((one) => /xml/i.test(attribute(one, 'type') ?? ''))
  if (enclosure) return attribute(enclosure, 'url')
  const link = named(item, 'link')[0]
  return link && textOf(link).trim()
}

function absolute(address: string | undefined, base: string): string | undefined {
  if (address === undefined || address.trim() === '') return undefined
  const url = URL.parse(address.trim(), base)
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') return undefined
  url.hash = ''
  return url.href
}
