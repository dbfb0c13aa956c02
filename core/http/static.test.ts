import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveWeb } from './static.ts'

describe('the web is served from its built files', () => {
  let folder = ''
  let server: FastifyInstance
  const script = `export const words = '${'calm '.repeat(300)}'`

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'concord-web-'))
    mkdirSync(join(folder, 'assets'))
    const write = (name: string, text: string) => {
      writeFileSync(join(folder, name), text)
      writeFileSync(join(folder, `${name}.br`), brotliCompressSync(text))
      writeFileSync(join(folder, `${name}.gz`), gzipSync(text))
    }
    write('index.html', '<!doctype html><title>Concord</title>')
    write('assets/app-1234.js', script)
    writeFileSync(join(folder, 'service-worker.js'), '// worker')
    server = Fastify()
    server.addHook(
      'onRequest',
      async (_request, reply) => void reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff'),
    )
    server.get('/api/known', async () => ({ known: true }))
    expect(await serveWeb(server, folder)).toBe(true)
  })
  afterAll(async () => {
    await server.close()
    rmSync(folder, { recursive: true })
  })
  const get = (url: string, headers: Record<string, string> = {}) => server.inject({ url, headers })

  test('a twin is sent to who takes it, and the plain file to who does not', async () => {
    const brotli = await get('/assets/app-1234.js', { 'accept-encoding': 'gzip, br' })
    expect(brotli.headers['content-encoding']).toBe('br')
    expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(script)
    const gzip = await get('/assets/app-1234.js', { 'accept-encoding': 'gzip' })
    expect(gzip.headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(gzip.rawPayload).toString()).toBe(script)
    const plain = await get('/assets/app-1234.js')
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(plain.body).toBe(script)
    for (const answer of [brotli, gzip, plain]) {
      expect(answer.headers['content-type']).toMatch(/javascript/)
      expect(answer.headers.vary).toBe('accept-encoding')
      expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable')
      expect(answer.headers['x-content-type-options']).toBe('nosniff')
    }
  })

  test('the shell stands at every address that is not the server’s, is asked for again, and is not sent twice', async () => {
    for (const url of ['/', '/response/centre/1', '/sign-in', '/apiary', '/live-map', '/?view=wall', '/operations']) {
      const answer = await get(url, { 'accept-encoding': 'br' })
      expect([url, answer.statusCode, answer.headers['concord-shell'], answer.headers['cache-control']]).toEqual([
        url,
        200,
        '1',
        'no-cache',
      ])
      expect(answer.headers['content-type']).toMatch(/text\/html/)
      expect(brotliDecompressSync(answer.rawPayload).toString()).toContain('Concord')
      const again = await get(url, { 'accept-encoding': 'br', 'if-none-match': String(answer.headers.etag) })
      expect(again.statusCode).toBe(304)
    }
    expect((await get('/service-worker.js')).headers['cache-control']).toBe('no-cache')
  })

  test('an unknown address of the server’s own is not found, and says so as a problem', async () => {
    for (const url of [
      '/api/nothing',
      '/api',
      '/live/x',
      '/a/unknown-token',
      '/channels/x',
      '/ingest',
      '/ingest?x=1',
      '/assets/gone-99.js',
      '/metrics',
      '/assets/../../package.json',
    ]) {
      const answer = await get(url)
      if (url.includes('..')) expect(answer.body).not.toContain('dependencies')
      else expect([url, answer.statusCode, answer.headers['content-type']]).toEqual([url, 404, 'application/problem+json; charset=utf-8'])
    }
    expect((await server.inject({ method: 'POST', url: '/anywhere' })).statusCode).toBe(404)
    expect((await get('/api/known')).json()).toEqual({ known: true })
  })
})
