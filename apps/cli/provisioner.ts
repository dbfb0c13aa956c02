import { id } from '#core/id.ts'
import { connectionOf } from './connection.ts'

const dayLong = 86_400_000

/**
 * Makes a token of an identity provider, with the token of an administrator: `concord access make-provisioner`. No operation, because its answer
 * holds a key and must not be kept. Throws the server's answer in words when it refuses.
 */
export async function makeProvisioner({ name, days, json }: { name: string; days: string; json?: boolean }): Promise<string> {
  const lasts = Number(days)
  if (!Number.isInteger(lasts) || lasts < 1) throw new Error('days: A whole number of days, one or more. Nothing was made.')
  const { url, token } = await connectionOf(process.env)
  const response = await fetch(new URL('/api/sign-in/provisioner', url), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': id() },
    body: JSON.stringify({ name, expiresAt: new Date(Date.now() + lasts * dayLong).toISOString() }),
  })
  const answer = (await response.json()) as { id?: string; token?: string; detail?: string; field?: string }
  if (!response.ok) throw new Error(`${answer.field ? `${answer.field}: ` : ''}${answer.detail ?? response.statusText}`)
  return json
    ? JSON.stringify({ id: answer.id, token: answer.token })
    : `${answer.token}\n\nCopy it now: it is shown once and never again. End it with: concord access end-provisioner --provisioner-id ${answer.id}`
}
