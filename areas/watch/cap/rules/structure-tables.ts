import type { CapVersion } from './times.ts'

/** What CAP 1.1 and 1.2 (§3.2) allow where: names, order, how many, and of what kind. Written from the standard's tables. Pure. */

export type Kind =
  | { text: 'any' }
  | { oneOf: readonly string[] }
  | { type: 'time' | 'language' | 'uri' | 'integer' | 'decimal' }
  | { parts: readonly Part[] }
export type Part = { name: string; least: 0 | 1; most: 1 | 'many'; kind: Kind }

const any: Kind = { text: 'any' }
const time: Kind = { type: 'time' }
const one = (name: string, kind: Kind = any): Part => ({ name, least: 1, most: 1, kind })
const maybe = (name: string, kind: Kind = any): Part => ({ name, least: 0, most: 1, kind })
const many = (name: string, kind: Kind = any): Part => ({ name, least: 0, most: 'many', kind })
const some = (name: string, kind: Kind = any): Part => ({ name, least: 1, most: 'many', kind })
const named: Kind = { parts: [one('valueName'), one('value')] }

const RESPONSES_11 = ['Shelter', 'Evacuate', 'Prepare', 'Execute', 'Monitor', 'Assess', 'None']
const CATEGORIES = ['Geo', 'Met', 'Safety', 'Security', 'Rescue', 'Fire', 'Health', 'Env', 'Transport', 'Infra', 'CBRNE', 'Other']

function alertParts(version: CapVersion): Part[] {
  const height: Kind = version === '1.2' ? { type: 'decimal' } : any
  const resource: Kind = {
    parts: [
      one('resourceDesc'),
      version === '1.2' ? one('mimeType') : maybe('mimeType'),
      maybe('size', { type: 'integer' }),
      maybe('uri', { type: 'uri' }),
      maybe('derefUri'),
      maybe('digest'),
    ],
  }
  const area: Kind = {
    parts: [one('areaDesc'), many('polygon'), many('circle'), many('geocode', named), maybe('altitude', height), maybe('ceiling', height)],
  }
  const info: Kind = {
    parts: [
      maybe('language', { type: 'language' }),
      some('category', { oneOf: CATEGORIES }),
      one('event'),
      many('responseType', { oneOf: version === '1.2' ? [...RESPONSES_11, 'Avoid', 'AllClear'] : RESPONSES_11 }),
      one('urgency', { oneOf: ['Immediate', 'Expected', 'Future', 'Past', 'Unknown'] }),
      one('severity', { oneOf: ['Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown'] }),
      one('certainty', { oneOf: ['Observed', 'Likely', 'Possible', 'Unlikely', 'Unknown'] }),
      maybe('audience'),
      many('eventCode', named),
      maybe('effective', time),
      maybe('onset', time),
      maybe('expires', time),
      maybe('senderName'),
      maybe('headline'),
      maybe('description'),
      maybe('instruction'),
      maybe('web', { type: 'uri' }),
      maybe('contact'),
      many('parameter', named),
      many('resource', resource),
      many('area', area),
    ],
  }
  return [
    one('identifier'),
    one('sender'),
    one('sent', time),
    one('status', { oneOf: ['Actual', 'Exercise', 'System', 'Test', 'Draft'] }),
    one('msgType', { oneOf: ['Alert', 'Update', 'Cancel', 'Ack', 'Error'] }),
    maybe('source'),
    one('scope', { oneOf: ['Public', 'Restricted', 'Private'] }),
    maybe('restriction'),
    maybe('addresses'),
    many('code'),
    maybe('note'),
    maybe('references'),
    maybe('incidents'),
    many('info', info),
  ]
}

const TABLES = { '1.1': { parts: alertParts('1.1') }, '1.2': { parts: alertParts('1.2') } }

export function alertKind(version: CapVersion): { parts: readonly Part[] } {
  return TABLES[version]
}

export const CAP_NAMESPACES: Record<CapVersion, string> = {
  '1.1': 'urn:oasis:names:tc:emergency:cap:1.1',
  '1.2': 'urn:oasis:names:tc:emergency:cap:1.2',
}

export function versionOf(namespace: string): CapVersion | undefined {
  return namespace === CAP_NAMESPACES['1.1'] ? '1.1' : namespace === CAP_NAMESPACES['1.2'] ? '1.2' : undefined
}
