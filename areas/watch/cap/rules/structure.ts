import { XMLDSIG } from '#core/xml/signature.ts'
import { elementsIn, textOf, type XmlNode } from '#core/xml/tree.ts'
import { isAnyUri, isDecimal, isInteger, isLanguage } from './simple-types.ts'
import { alertKind, type Kind, type Part } from './structure-tables.ts'
import { type CapVersion, readTime } from './times.ts'

/**
 * Holds an alert against the structure of CAP 1.1 or 1.2. `errors` and `strictTimes` both empty is exactly what the OASIS schema calls
 * valid; `strictTimes` are times that the schema refuses although they name one instant (a trailing Z, a fraction, no seconds).
 */
export type StructureReport = { errors: string[]; strictTimes: string[] }

const XSI = 'http://www.w3.org/2001/XMLSchema-instance'
const WORDS: Record<string, [string, (text: string) => boolean]> = {
  language: ['a language code such as en-GB', isLanguage],
  uri: ['a web address', isAnyUri],
  integer: ['a whole number', isInteger],
  decimal: ['a number', isDecimal],
}

export function checkStructure(alert: XmlNode, version: CapVersion): StructureReport {
  const report: StructureReport = { errors: [], strictTimes: [] }
  checkNode(alert, alertKind(version), 'alert', { version, namespace: alert.namespace, report })
  return { errors: [...new Set(report.errors)], strictTimes: report.strictTimes }
}

type Context = { version: CapVersion; namespace: string; report: StructureReport }

function checkNode(node: XmlNode, kind: Kind, path: string, context: Context): void {
  checkAttributes(node, path, context)
  if ('parts' in kind) return checkParts(node, kind.parts, path, context)
  const inner = elementsIn(node)[0]
  if (inner !== undefined) context.report.errors.push(`${path}: holds the element ${shown(inner.name)}, but only text may stand there`)
  else checkText(textOf(node), node, kind, path, context)
}

function checkText(text: string, node: XmlNode, kind: Exclude<Kind, { parts: readonly Part[] }>, path: string, context: Context): void {
  const { errors, strictTimes } = context.report
  if ('text' in kind) return
  if ('oneOf' in kind) {
    if (!kind.oneOf.includes(text)) errors.push(`${path}: ${shown(text)} is not one of ${kind.oneOf.join(', ')}`)
  } else if (kind.type === 'time') {
    const time = readTime(text, context.version)
    if (time.strict) return
    if (time.readable) strictTimes.push(`${path}: ${shown(text)} is a time that only a strict reader refuses; it is read as it stands`)
    else if (time.zoneless) errors.push(`${path}: ${shown(text)} has no time zone`)
    else errors.push(`${path}: ${shown(text)} is not a date and time`)
  } else if (!(kind.type === 'language' && node.children.length === 0)) {
    /* An empty language takes the schema's default, en-US. */
    const [words, fits] = WORDS[kind.type] as [string, (text: string) => boolean]
    if (!fits(text)) errors.push(`${path}: ${shown(text)} is not ${words}`)
  }
}

/* The parts come in one order, and no name comes twice in a table, so one pass suffices. */
function checkParts(node: XmlNode, parts: readonly Part[], path: string, context: Context): void {
  const { errors } = context.report
  if (node.children.some((child) => typeof child === 'string' && /[^ \t\r\n]/.test(child)))
    errors.push(`${path}: has text of its own between its elements`)
  const seen = new Map<string, number>()
  let reached = 0
  for (const child of elementsIn(node)) {
    if (path === 'alert' && context.version === '1.2' && child.namespace === XMLDSIG) {
      reached = parts.length
      checkForeign(child, path, context)
      continue
    }
    const place = child.namespace === context.namespace ? parts.findIndex((part) => part.name === child.name) : -1
    const part = parts[place]
    if (part === undefined) {
      errors.push(`${path}: the element ${shown(child.name)} is not known there`)
      continue
    }
    const count = (seen.get(part.name) ?? 0) + 1
    seen.set(part.name, count)
    if (place < reached) errors.push(`${path}: ${part.name} stands too late; it belongs before ${parts[reached]?.name ?? 'the signature'}`)
    else if (count > 1 && part.most === 1) errors.push(`${path}: ${part.name} may stand there only once`)
    reached = Math.max(reached, place)
    checkNode(child, part.kind, `${path} › ${part.name}${part.most === 'many' ? ` ${count}` : ''}`, context)
  }
  for (const part of parts) if (part.least === 1 && !seen.has(part.name)) errors.push(`${path}: ${part.name} is missing`)
}

/* The schema looks into a signature only for elements it knows by themselves: a whole alert, valueName and value. */
function checkForeign(node: XmlNode, path: string, context: Context): void {
  for (const child of elementsIn(node)) {
    const own = child.namespace === context.namespace
    if (own && child.name === 'alert') checkNode(child, alertKind(context.version), `${path} › signature › alert`, context)
    else if (own && (child.name === 'valueName' || child.name === 'value'))
      checkNode(child, { text: 'any' }, `${path} › signature › ${child.name}`, context)
    else checkForeign(child, path, context)
  }
}

function checkAttributes(node: XmlNode, path: string, context: Context): void {
  for (const attribute of node.attributes) {
    const hint = attribute.namespace === XSI && (attribute.name === 'schemaLocation' || attribute.name === 'noNamespaceSchemaLocation')
    if (!hint) context.report.errors.push(`${path}: the attribute ${shown(attribute.name)} may not stand there`)
  }
}

/** At most 60 characters of what the sender wrote, in quotes. */
function shown(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return `“${line.length > 60 ? `${line.slice(0, 60)}…` : line}”`
}
