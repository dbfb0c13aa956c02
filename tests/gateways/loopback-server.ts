import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Asked = {
  path: string
  method: string
  headers: Record<string, string>
  body: string
  hang: () => Promise<never>
  drop: () => Promise<never>
}
export type Answer = { status: number; body?: unknown }

/** A small HTTP server on 127.0.0.1 for gateways that can misbehave. `close` cuts every connection. */
export async function startServer(port: number | undefined, answer: (asked: Asked) => Promise<Answer>) {
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('error', () => undefined)
    request.on('end', () => {
      const never = new Promise<never>(() => undefined)
      const asked: Asked = {
        path: new URL(request.url ?? '/', 'http://loopback').pathname,
        method: request.method ?? '',
        headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
        body: Buffer.concat(parts).toString('utf8'),
        hang: () => never,
        drop: () => {
          request.socket.destroy()
          return never
        },
      }
      void answer(asked)
        .catch((): Answer => ({ status: 400 }))
        .then(({ status, body }) =>
          response.writeHead(status, { 'content-type': 'application/json' }).end(body === undefined ? '' : JSON.stringify(body)),
        )
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port ?? 0, '127.0.0.1', () => resolve())
  })
  const address = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
