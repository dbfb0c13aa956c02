import { createTransport } from 'nodemailer'
import type { Carrier, Message } from './channel.ts'
import { failed } from './channel.ts'

/** `url`: smtp://user:password@host:port or smtps://…; `from`: the city's address. Beyond loopback, TLS is required unless `allowPlain`. */
export type MailConfig = { url: string; from: string; allowPlain?: boolean; concurrency?: number; timeoutMs?: number }

const oneAddress = /^[^\s@,;<>"()[\]\\:]+@[^\s@,;<>"()[\]\\:]+$/u
export const isLoopback = (host: string) => /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/.test(host)

/** The same key makes the same Message-ID, so that a mail sent twice is one mail in most mailboxes. */
const messageId = (key: string, from: string) => `<${key.replaceAll(/[^\w.-]/g, '.')}@${from.split('@')[1] ?? 'concord.invalid'}>`

/** E-mail by SMTP through a pool of kept connections. `attempted`: the mail server took it; a mailbox does not say that it was read. */
export function openMail(config: MailConfig, limits: { concurrency: number; timeoutMs: number }): Carrier {
  const url = new URL(config.url)
  const secure = url.protocol === 'smtps:'
  const transport = createTransport({
    pool: true,
    host: url.hostname.replaceAll(/[[\]]/g, ''),
    port: Number(url.port || (secure ? 465 : 587)),
    secure,
    requireTLS: !secure && !isLoopback(url.hostname) && config.allowPlain !== true,
    ignoreTLS: isLoopback(url.hostname) && !secure,
    ...(url.username === '' ? {} : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    maxConnections: limits.concurrency,
    maxMessages: 500,
    connectionTimeout: limits.timeoutMs,
    greetingTimeout: limits.timeoutMs,
    socketTimeout: limits.timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  // A pooled connection that dies while idle must not end the process.
  transport.on('error', () => undefined)

  async function send(message: Message) {
    if (!oneAddress.test(message.to)) return failed('The address cannot be used for e-mail.')
    try {
      const sent = await transport.sendMail({
        from: config.from,
        to: { name: '', address: message.to },
        subject: message.subject ?? '',
        text: message.text,
        messageId: messageId(message.key, config.from),
        headers: { 'X-Concord-Key': message.key, 'Auto-Submitted': 'auto-generated', Importance: 'high' },
      })
      return { state: 'attempted' as const, gatewayId: sent.messageId, detail: 'The mail server took the message.' }
    } catch (error) {
      const code = (error as { responseCode?: number }).responseCode
      if (code === undefined) return failed('The mail server could not be reached.', true)
      return failed(`The mail server refused the message (${code}).`, code === 421 || code === 535)
    }
  }
  return { send, close: () => transport.close() }
}
