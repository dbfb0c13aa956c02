import type { Carrier } from './channel.ts'
import type { HttpGatewayConfig } from './http-gateway.ts'
import { callGateway } from './http-gateway.ts'

const usualBody = { to: '{{to}}', text: '{{text}}', key: '{{key}}', callback: '{{callback}}' }

/** Text messages through an HTTP gateway. Receipts and replies come back to `callback`, see inbound.ts. */
export const openSms = (config: HttpGatewayConfig): Carrier => ({
  send: (message, signal) => callGateway(config, usualBody, message, signal),
  close: () => undefined,
})
