import type { Carrier } from './channel.ts'
import type { HttpGatewayConfig } from './http-gateway.ts'
import { callGateway } from './http-gateway.ts'

const usualBody = { to: '{{to}}', say: '{{text}}', keys: { '1': 'accepted', '2': 'declined' }, key: '{{key}}', callback: '{{callback}}' }

/** A telephone call through an HTTP gateway that reads the text out; 1 accepts, 2 declines, and the key pressed comes back to `callback`. */
export const openVoice = (config: HttpGatewayConfig): Carrier => ({
  send: (message, signal) => callGateway(config, usualBody, message, signal),
  close: () => undefined,
})
