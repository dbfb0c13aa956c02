import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const here = fileURLToPath(new URL('.', import.meta.url))
const project = join(here, '../..')
const out = join(project, 'dist/web')

/** The component library carries its own words in 30 locales; the page keeps those we have catalogues for. */
const keptLocales = /\/(en-GB|en-US|fr-FR)\.mjs$/
const fewerLocales = (): Plugin => ({
  name: 'concord-fewer-locales',
  enforce: 'pre',
  load(id) {
    const file = id.split('?')[0] ?? id
    const isWords = /\/react-(aria|stately|aria-components)\/.*\/intl\/.*\/?[a-z]{2}-[A-Z]{2}\.mjs$/.test(file)
    return isWords && !keptLocales.test(file) ? 'export default {}' : null
  },
})

/** Small files cost a phone more in round trips than in bytes; beyond this size a compressed twin is worth keeping on disk. */
const worthCompressing = 512

/** Compressed twins are made once, here, so that the server only has to send them. */
const precompressed = (): Plugin => ({
  name: 'concord-precompressed',
  apply: 'build',
  closeBundle() {
    for (const entry of readdirSync(out, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.(js|css|html|svg|json|webmanifest)$/.test(entry.name)) continue
      const path = join(entry.parentPath, entry.name)
      const bytes = readFileSync(path)
      if (bytes.length < worthCompressing) continue
      writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
      writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }))
    }
  },
})

/** A page that needs a node module is a mistake in a contract or a rule; say so while building, not in a city. */
const noNode = (): Plugin => ({
  name: 'concord-no-node',
  enforce: 'pre',
  apply: 'build',
  resolveId(id, importer) {
    if (id.startsWith('node:')) this.error(`${importer} imports ${id}: what a page uses must run in a browser`)
    return null
  },
})

export default defineConfig({
  root: here,
  base: '/',
  publicDir: join(here, 'public'),
  plugins: [noNode(), fewerLocales(), react(), precompressed()],
  build: {
    outDir: out,
    emptyOutDir: true,
    target: 'es2023',
    // an inlined asset would be a data: address, which the policy refuses
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/live': 'http://127.0.0.1:8080' } },
})
