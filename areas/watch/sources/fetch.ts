import { lookup as resolve } from 'node:dns'
import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/**
 * Fetching what an administrator configured, and what it points to, and nothing else on our own network. The configured host may be anywhere,
 * also on the city's own network: an administrator wrote it. Any other host (a redirect, a link in a feed) must resolve to public addresses only,
 * and the connection goes to the very address that was looked at.
 */

export interface Fetched {
  status: number
  bytes: Buffer
  etag: string | null
  lastModified: string | null
  /** Where it came from in the end. */
  address: string
}

export interface Fetching {
  /** The address that an administrator wrote: its host is trusted on its own port and on the usual ones. */
  configured: string
  maxBytes: number
  milliseconds: number
  etag?: string | null
  lastModified?: string | null
  signal?: AbortSignal
}

/** In words for the desk; never quotes what was answered. */
export class FetchFailure extends Error {
  override readonly name = 'FetchFailure'
}

const REDIRECTS = 3
const inside = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  inside.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  inside.addSubnet(net, bits, 'ipv6')

/** On the open network: not ours, not this machine, not reserved, and not an IPv4 address dressed as IPv6. */
export function isPublic(address: string): boolean {
  const kind = isIP(address)
  if (kind === 0) return false
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return isPublic(mapped)
  return !(kind === 6 && /^::ffff:/i.test(address)) && !inside.check(address, kind === 4 ? 'ipv4' : 'ipv6')
}

const looked =
  (publicOnly: boolean): LookupFunction =>
  (host, options, done) => {
    resolve(host, { all: true, verbatim: true, ...(options.family === undefined ? {} : { family: options.family }) }, (error, found) => {
      const fitting = error ? [] : found.filter(({ address }) => !publicOnly || isPublic(address))
      const [first] = fitting
      if (error || first === undefined || fitting.length < found.length) {
        const refusal: NodeJS.ErrnoException = error ?? Object.assign(new Error('an address of our own network'), { code: 'EINSIDE' })
        return done(refusal, '', 0)
      }
      if (options.all) return (done as unknown as (error: null, all: typeof fitting) => void)(null, fitting)
      return done(null, first.address, first.family)
    })
  }

/** Fetches one address, following at most three redirects, within bytes and time. Errors: FetchFailure, with the reason in words. */
export async function fetchBounded(address: string, fetching: Fetching): Promise<Fetched> {
  const deadline = AbortSignal.timeout(fetching.milliseconds)
  const signal = fetching.signal ? AbortSignal.any([deadline, fetching.signal]) : deadline
  let url = new URL(address)
  for (let step = 0; step <= REDIRECTS; step += 1) {
    const answer = await once(url, fetching, signal, step > 0)
    if (!('location' in answer)) return answer
    const next = URL.parse(answer.location, url)
    if (next === null || !['http:', 'https:'].includes(next.protocol))
      throw new FetchFailure('It redirects to an address that is not http or https.')
    if (url.protocol === 'https:' && next.protocol === 'http:') throw new FetchFailure('It redirects from https to http.')
    url = next
  }
  throw new FetchFailure(`It redirects more than ${REDIRECTS} times.`)
}

function once(url: URL, fetching: Fetching, signal: AbortSignal, redirected: boolean): Promise<Fetched | { location: string }> {
  const configured = new URL(fetching.configured)
  const publicOnly = url.hostname !== configured.hostname || (url.port !== configured.port && url.port !== '')
  const bare = url.hostname.replace(/^\[|\]$/g, '')
  if (publicOnly && isIP(bare) !== 0 && !isPublic(bare))
    return Promise.reject(new FetchFailure('It points to an address on our own network.'))
  const headers: Record<string, string> = {
    accept: 'application/cap+xml, application/atom+xml, application/rss+xml, application/xml, text/xml, */*;q=0.1',
    'accept-encoding': 'identity',
    'user-agent': 'Concord',
    ...(fetching.etag && !redirected ? { 'if-none-match': fetching.etag } : {}),
    ...(fetching.lastModified && !redirected ? { 'if-modified-since': fetching.lastModified } : {}),
  }
  const { promise, resolve: done, reject } = Promise.withResolvers<Fetched | { location: string }>()
  const send = url.protocol === 'https:' ? secureRequest : plainRequest
  const asked = send(url, { agent: false, headers, signal, lookup: looked(publicOnly), maxHeaderSize: 16 * 1024 }, (response) => {
    const status = response.statusCode ?? 0
    const { location } = response.headers
    if ([301, 302, 303, 307, 308].includes(status) && location !== undefined) {
      response.destroy()
      return done({ location })
    }
    const coding = response.headers['content-encoding']
    const fail = (why: string) => {
      reject(new FetchFailure(why))
      response.destroy()
    }
    if (coding !== undefined && coding !== 'identity') return fail('It answered compressed, which was not asked for.')
    if (Number(response.headers['content-length'] ?? 0) > fetching.maxBytes) return fail(`It is larger than ${fetching.maxBytes} bytes.`)
    const parts: Buffer[] = []
    let size = 0
    response.on('data', (part: Buffer) => {
      size += part.length
      if (size > fetching.maxBytes) fail(`It is larger than ${fetching.maxBytes} bytes.`)
      else parts.push(part)
    })
    response.on('error', (error) => reject(failure(error)))
    response.on('aborted', () => reject(new FetchFailure('It broke off in the middle.')))
    response.on('end', () =>
      done({
        status,
        bytes: Buffer.concat(parts),
        etag: response.headers.etag?.slice(0, 500) ?? null,
        lastModified: response.headers['last-modified']?.slice(0, 100) ?? null,
        address: url.href,
      }),
    )
  })
  asked.on('error', (error) => reject(failure(error)))
  asked.end()
  return promise
}

function failure(error: unknown): FetchFailure {
  if (error instanceof FetchFailure) return error
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  if (code === 'ABORT_ERR' || (error instanceof Error && error.name === 'TimeoutError'))
    return new FetchFailure('It did not answer in time.')
  if (code === 'EINSIDE') return new FetchFailure('It points to an address on our own network.')
  if (['ENOTFOUND', 'EAI_AGAIN'].includes(code)) return new FetchFailure('Its name could not be found.')
  if (['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE', 'ETIMEDOUT'].includes(code))
    return new FetchFailure('It could not be reached.')
  if (/CERT|TLS|SSL|SELF_SIGNED/.test(code)) return new FetchFailure('Its certificate is not believed.')
  return new FetchFailure('It could not be fetched.')
}
