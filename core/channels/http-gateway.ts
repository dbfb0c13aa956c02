import type { Attempt, Message } from './channel.ts'
import { failed } from './channel.ts'

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

/**
 * A gateway that is spoken to over HTTP. `body` is JSON in which each string may name {{to}} {{text}} {{key}} {{callback}} {{code}} {{subject}};
 * it is filled after parsing, so a text can never break out of its string. `secret` goes as a bearer token.
 * `success`: what a 2xx answer means here. `idField`: where the answer carries the gateway's own id.
 */
export type HttpGatewayConfig = {
  url: string
  method?: 'POST' | 'PUT'
  headers?: Record<string, string>
  body?: Json
  secret?: string
  callback?: string
  success?: 'attempted' | 'delivered'
  idField?: string
  concurrency?: number
  timeoutMs?: number
}

const fillIn = (template: Json, values: Record<string, string>): Json => {
  if (typeof template === 'string') return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '')
  if (Array.isArray(template)) return template.map((part) => fillIn(part, values))
  if (template === null || typeof template !== 'object') return template
  return Object.fromEntries(Object.entries(template).map(([name, part]) => [name, fillIn(part, values)]))
}

export const telephoneNumber = (text: string): string | undefined => {
  const digits = text.replaceAll(/[\s().-]/g, '')
  return /^\+?\d{3,15}$/.test(digits) ? digits : undefined
}

function gatewayId(answer: string, field: string): string | undefined {
  try {
    const value = (JSON.parse(answer) as Record<string, unknown> | null)?.[field]
    return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 200) : undefined
  } catch {
    return undefined
  }
}

/** Posts a body and tells what the answer's status means; redirects are not followed (they would carry the secret elsewhere). */
export async function post(url: string, init: RequestInit, success: 'attempted' | 'delivered', idField = 'id'): Promise<Attempt> {
  let response: Response
  try {
    response = await fetch(url, { ...init, redirect: 'manual' })
  } catch {
    return failed('The gateway could not be reached.', true)
  }
  if (!response.ok) {
    await response.body?.cancel().catch(() => undefined)
    return failed(`The gateway refused the message (${response.status}).`, response.status >= 500 || response.status === 401)
  }
  // The message was taken: an answer that breaks off afterwards does not make it untaken.
  const answer = await response.text().catch(() => '')
  const id = gatewayId(answer, idField)
  return {
    state: success,
    detail: success === 'delivered' ? 'The gateway delivered the message.' : 'The gateway took the message.',
    ...(id === undefined ? {} : { gatewayId: id }),
  }
}

/** Hands one message to a telephone gateway, SMS and voice alike. */
export async function callGateway(config: HttpGatewayConfig, body: Json, message: Message, signal: AbortSignal): Promise<Attempt> {
  const to = telephoneNumber(message.to)
  if (to === undefined) return failed('The address is not a telephone number.')
  const values = {
    to,
    text: message.text,
    key: message.key,
    callback: config.callback ?? '',
    code: message.replyCode ?? '',
    subject: message.subject ?? '',
  }
  const headers: Record<string, string> = { 'content-type': 'application/json', 'idempotency-key': message.key, ...config.headers }
  if (config.secret !== undefined) headers.authorization = `Bearer ${config.secret}`
  const init = { method: config.method ?? 'POST', headers, body: JSON.stringify(fillIn(config.body ?? body, values)), signal }
  return post(config.url, init, config.success ?? 'attempted', config.idField)
}
