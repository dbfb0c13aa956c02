import { childNamed, childrenNamed, elementsIn, textOf, type XmlNode } from '#core/xml/tree.ts'
import type { AlertVerdict, CapArea, CapContent, CapInfo } from '../contract.ts'
import { readCircle, readPolygon } from './geometry.ts'
import type { CapVersion } from './times.ts'

/** Reads an alert as far as it can be read, whatever its faults: a quarantined message must still be readable. Pure. */

type Head = Pick<AlertVerdict, 'identifier' | 'sender' | 'sent' | 'status' | 'msgType' | 'scope'> & { references: string | null }
export type Reading = { head: Head; content: Omit<CapContent, 'references' | 'remarks' | 'signatureNotes' | 'signer'> }

export function readAlert(alert: XmlNode, version: CapVersion): Reading {
  const value = (name: string): string | null => valueOf(alert, name)
  return {
    head: {
      identifier: value('identifier'),
      sender: value('sender'),
      sent: value('sent'),
      status: value('status'),
      msgType: value('msgType'),
      scope: value('scope'),
      references: childNamed(alert, 'references') ? (value('references') ?? '') : null,
    },
    content: {
      version,
      source: value('source'),
      restriction: value('restriction'),
      addresses: value('addresses'),
      codes: valuesOf(alert, 'code'),
      note: value('note'),
      incidents: value('incidents'),
      infos: childrenNamed(alert, 'info').map(readInfo),
    },
  }
}

/** Counts are elements as the message has them, empty ones too. */
export function countsOf(
  infos: CapInfo[],
): Pick<AlertVerdict, 'infos' | 'areas' | 'polygons' | 'circles' | 'geocodes' | 'resources' | 'languages'> {
  const areas = infos.flatMap((info) => info.areas)
  const sum = (pick: (area: CapArea) => unknown[]): number => areas.reduce((total, area) => total + pick(area).length, 0)
  return {
    languages: infos.map((info) => info.language),
    infos: infos.length,
    areas: areas.length,
    polygons: sum((area) => area.polygons),
    circles: sum((area) => area.circles),
    geocodes: sum((area) => area.geocodes),
    resources: infos.reduce((total, info) => total + info.resources.length, 0),
  }
}

function readInfo(info: XmlNode): CapInfo {
  const value = (name: string): string | null => valueOf(info, name)
  return {
    language: value('language') ?? 'en-US',
    categories: valuesOf(info, 'category'),
    event: value('event'),
    responseTypes: valuesOf(info, 'responseType'),
    urgency: value('urgency'),
    severity: value('severity'),
    certainty: value('certainty'),
    audience: value('audience'),
    eventCodes: pairsOf(info, 'eventCode'),
    effective: value('effective'),
    onset: value('onset'),
    expires: value('expires'),
    senderName: value('senderName'),
    headline: value('headline'),
    description: value('description'),
    instruction: value('instruction'),
    web: value('web'),
    contact: value('contact'),
    parameters: pairsOf(info, 'parameter'),
    resources: childrenNamed(info, 'resource').map((resource) => ({
      resourceDesc: valueOf(resource, 'resourceDesc'),
      mimeType: valueOf(resource, 'mimeType'),
      size: valueOf(resource, 'size'),
      uri: valueOf(resource, 'uri'),
      digest: valueOf(resource, 'digest'),
      hasEmbeddedContent: childNamed(resource, 'derefUri') !== undefined,
    })),
    areas: childrenNamed(info, 'area').map(readArea),
  }
}

function readArea(area: XmlNode): CapArea {
  return {
    areaDesc: valueOf(area, 'areaDesc'),
    polygons: childrenNamed(area, 'polygon').map((polygon) => readPolygon(textOf(polygon))),
    circles: childrenNamed(area, 'circle').map((circle) => readCircle(textOf(circle))),
    geocodes: pairsOf(area, 'geocode'),
    altitude: valueOf(area, 'altitude'),
    ceiling: valueOf(area, 'ceiling'),
  }
}

/** Trimmed; null when absent or empty. */
function valueOf(node: XmlNode, name: string): string | null {
  const child = childNamed(node, name)
  return child === undefined ? null : textOf(child).trim() || null
}

function valuesOf(node: XmlNode, name: string): string[] {
  return childrenNamed(node, name).map((child) => textOf(child).trim())
}

/* The first two elements, whatever they are called: a misspelt name is an error of structure, not a reason to hide its value. */
function pairsOf(node: XmlNode, name: string): { valueName: string; value: string }[] {
  return childrenNamed(node, name).map((child) => {
    const [first, second] = elementsIn(child)
    const [named, held] = [childNamed(child, 'valueName') ?? first, childNamed(child, 'value') ?? second]
    return { valueName: named ? textOf(named).trim() : '', value: held ? textOf(held).trim() : '' }
  })
}
