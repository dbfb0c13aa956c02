import { realClock } from '#core/clock.ts'
import { DEFAULT_MAX_XML_BYTES } from '#core/xml/gate.ts'
import { sha256Of } from '../../signals/actions/receive.ts'
import { type Fetched, FetchFailure, fetchBounded } from '../fetch.ts'
import { backOff, type FeedLink, feedLinks, LINK_TRIES, LINKS_AT_ONCE } from '../rules.ts'
import * as store from '../store/receiving.ts'
import { type Duties, liveWorld, noteAnswer, noteFailure, receive } from './receive.ts'

export interface Asking {
  /** For one fetch. */
  milliseconds: number
  /** For all the links of one turn together. */
  linksMilliseconds: number
  maxBytes?: number
  signal?: AbortSignal
}

/** Asks every feed that is due. Nothing of it happens inside a transaction but the writing. */
export async function pollFeeds(duties: Duties, asking: Asking, failed: (what: string, error: unknown) => void): Promise<number> {
  const due = await duties.jobs('watch.pollFeeds', await liveWorld(duties), (tx) => store.claimDueFeeds(tx, realClock.now(), 8))
  await Promise.all(due.map((feed) => pollFeed(duties, feed, asking).catch((error: unknown) => failed(`feed ${feed.code}`, error))))
  return due.length
}

async function pollFeed(duties: Duties, feed: store.DueFeed, asking: Asking): Promise<void> {
  const world = await liveWorld(duties)
  const lost = (why: string) =>
    duties.jobs('watch.pollFeeds', world, (tx) => {
      const now = realClock.now()
      return noteFailure(tx, feed, now, why, (failures) => backOff(feed.everySeconds, failures, now), feed.failures)
    })
  let fetched: Fetched
  try {
    fetched = await fetchBounded(feed.address, { ...bounds(feed, asking), etag: feed.etag, lastModified: feed.lastModified })
  } catch (error) {
    if (error instanceof FetchFailure) return lost(error.message)
    throw error
  }
  if (fetched.status === 304)
    return duties.jobs('watch.pollFeeds', world, (tx) => noteAnswer(tx, feed.id, realClock.now(), { received: false }))
  if (fetched.status !== 200) return lost(`It answered with status ${fetched.status}.`)
  const bodyHash = sha256Of(fetched.bytes)
  const remember = { etag: fetched.etag, lastModified: fetched.lastModified, bodyHash }
  if (bodyHash === feed.bodyHash)
    return duties.jobs('watch.pollFeeds', world, (tx) => noteAnswer(tx, feed.id, realClock.now(), { received: false, ...remember }))

  const links = feedLinks(fetched.bytes, fetched.address)
  const carries = links === undefined || carriesAlerts(fetched.bytes)
  if (carries) {
    const delivery = {
      name: feed.address,
      bytes: fetched.bytes,
      way: 'feed' as const,
      sourceId: feed.id,
      receipt: `body ${bodyHash}`,
      quietWhenNothingNew: true,
    }
    const received = await receive(duties, delivery)
    if (links === undefined && received?.outcome === 'refused')
      return lost('It answered, but with something that is neither a feed nor a CAP message.')
    return duties.jobs('watch.pollFeeds', world, (tx) =>
      noteAnswer(tx, feed.id, realClock.now(), { received: received !== undefined, ...remember }),
    )
  }
  const { came, open } = await followLinks(duties, feed, links, asking)
  // While links are still open, the same feed is read again next time.
  const forget = { etag: null, lastModified: null, bodyHash: null }
  await duties.jobs('watch.pollFeeds', world, (tx) =>
    noteAnswer(tx, feed.id, realClock.now(), { received: came > 0, ...(open > 0 ? forget : remember) }),
  )
}

const carriesAlerts = (bytes: Buffer) => /(emergency:cap:1\.[12]|incident\.com\/cap\/)/i.test(bytes.toString('latin1'))
const bounds = (feed: store.DueFeed, asking: Asking) => ({
  configured: feed.address,
  maxBytes: asking.maxBytes ?? DEFAULT_MAX_XML_BYTES,
  milliseconds: asking.milliseconds,
  ...(asking.signal ? { signal: asking.signal } : {}),
})

/** The messages that a feed only points to: a bounded number in one turn, each a few times, and none that was fetched before. */
async function followLinks(
  duties: Duties,
  feed: store.DueFeed,
  links: FeedLink[],
  asking: Asking,
): Promise<{ came: number; open: number }> {
  const world = await liveWorld(duties)
  const wanted = await duties.jobs('watch.pollFeeds', world, (tx) =>
    store.openLinks(
      tx,
      feed.id,
      links.map(({ key }) => key),
    ),
  )
  const waiting = links.filter(({ key }) => wanted.has(key))
  const deadline = Date.now() + asking.linksMilliseconds
  let came = 0
  let settled = 0
  for (const link of waiting.slice(0, LINKS_AT_ONCE)) {
    if (Date.now() > deadline || asking.signal?.aborted) break
    const done = await followLink(duties, feed, link, wanted.get(link.key) ?? 0, asking)
    if (done !== 'again') settled += 1
    if (done === 'came') came += 1
  }
  return { came, open: waiting.length - settled }
}

async function followLink(
  duties: Duties,
  feed: store.DueFeed,
  { address, key }: FeedLink,
  failures: number,
  asking: Asking,
): Promise<'came' | 'nothing' | 'again'> {
  const base = { name: address, way: 'feed' as const, sourceId: feed.id, receipt: `link ${key}`, quietWhenNothingNew: true }
  const refuse = async (why: string) => {
    if (failures + 1 < LINK_TRIES) {
      await duties.jobs('watch.pollFeeds', await liveWorld(duties), (tx) => store.linkFailed(tx, feed.id, key))
      return 'again' as const
    }
    // Nothing is lost silently: what the feed announced and never gave is shown as refused.
    await receive(
      duties,
      {
        ...base,
        bytes: new Uint8Array(),
        refusal: `The feed points to it, but it could not be fetched in ${LINK_TRIES} tries. ${why}`,
        size: 0,
      },
      (tx, now) => store.linkDone(tx, feed.id, key, now),
    )
    return 'nothing' as const
  }
  try {
    const fetched = await fetchBounded(address, bounds(feed, asking))
    if (fetched.status !== 200) return await refuse(`It answered with status ${fetched.status}.`)
    const received = await receive(duties, { ...base, bytes: fetched.bytes }, (tx, now) => store.linkDone(tx, feed.id, key, now))
    return received === undefined ? 'nothing' : 'came'
  } catch (error) {
    if (error instanceof FetchFailure) return refuse(error.message)
    throw error
  }
}
