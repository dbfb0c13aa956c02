import { existsSync } from 'node:fs'
import { basename, join, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** Addresses that belong to the server: an unknown one below them is not found, and never the web's shell. `/assets`: an old page asks for a file that an upgrade took away. */
const serverOwned = /^\/(api|live|a|channels|ingest|assets|sign-in\/link|metrics|healthz)(\/|$|\?)/

/** Files under /assets are named by their content, so they never change; everything else is asked for again, and answered 304 when it is the same. */
const forEver = 'public, max-age=31536000, immutable'

/** Marks the shell, so that a service worker keeps it and no other page for when there is no network. */
export const shellHeader = 'concord-shell'

/**
 * Serves the built web from `folder`: the `.br` and `.gz` twins by Accept-Encoding, and the shell (index.html) at every address that is not
 * the server's own: the shell shows the page, or says plainly that there is none. Nothing is served when the web was not built.
 * @returns whether there was a web to serve
 */
export async function serveWeb(server: FastifyInstance, folder: string): Promise<boolean> {
  if (!existsSync(join(folder, 'index.html'))) return false
  const assets = `${sep}assets${sep}`
  await server.register(fastifyStatic, {
    root: folder,
    preCompressed: true,
    cacheControl: false,
    setHeaders(reply, path) {
      reply.header('cache-control', path.startsWith(join(folder, assets)) ? forEver : 'no-cache')
      reply.header('vary', 'accept-encoding')
      if (basename(path).startsWith('index.html')) reply.header(shellHeader, '1')
    },
  })
  server.setNotFoundHandler(async (request, reply) => {
    const reads = request.method === 'GET' || request.method === 'HEAD'
    if (reads && !serverOwned.test(request.url)) return reply.code(200).sendFile('index.html')
    const detail = 'There is nothing at this address. Nothing was changed.'
    return reply
      .code(404)
      .type('application/problem+json')
      .send({ type: 'urn:concord:error:not-found', title: 'not found', status: 404, kind: 'not-found', detail })
  })
  return true
}
