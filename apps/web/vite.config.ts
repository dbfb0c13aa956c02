import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const here = fileURLToPath(new URL('.', import.meta.url))
const project = join(here, '../..')
/** CONCORD_WEB: a folder of one's own, so that a test builds beside whoever serves dist/web. */
const out = process.env.CONCORD_WEB ?? join(project, 'dist/web')

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
      writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
    }
  },
})

const parts = {
  fields: /\/core\/web\/(fields|form|dialog-sheet|label-popover)\.tsx$/,
  tables: /\/core\/web\/(table|tabs|timeline|changes)\.tsx$/,
}

/**
 * Few files, because each costs a slow line a round trip: `first` (before anything), `vendor` (changes seldom), `app` (the shell), and the two
 * halves of the kit that pages need and the shell does not. Everything else is split by page.
 */
const fewFiles = () => {
  const reached = { first: new Set<string>(), app: new Set<string>() }
  const plugin: Plugin = {
    name: 'concord-few-files',
    apply: 'build',
    buildEnd() {
      const walk = (id: string, into: Set<string>) => {
        if (into.has(id)) return
        into.add(id)
        for (const next of this.getModuleInfo(id)?.importedIds ?? []) walk(next, into)
      }
      walk(join(here, 'main.tsx'), reached.first)
      walk(join(here, 'app.tsx'), reached.app)
    },
  }
  const fromOutside = (id: string) => id.includes('/node_modules/')
  const groups = [
    { name: 'first', test: (id: string) => reached.first.has(id) && !fromOutside(id) && !id.endsWith('/main.tsx') },
    { name: 'vendor', test: (id: string) => reached.app.has(id) && fromOutside(id) },
    { name: 'app', test: (id: string) => reached.app.has(id) && !id.endsWith('/app.tsx') },
    ...Object.entries(parts).map(([name, pattern]) => ({ name, test: (id: string) => pattern.test(id) })),
  ]
  return { plugin, groups: groups.map((group, place) => ({ ...group, priority: groups.length - place })) }
}
const few = fewFiles()

/**
 * The first script is small and asks for the rest; a browser that has only read the page would learn of it one round trip later. So the page
 * names it, and the service worker is told what this build is made of.
 */
const firstLoad = (): Plugin => {
  let first: string[] = []
  let files: string[] = []
  return {
    name: 'concord-first-load',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle, chunk: entry }) {
        const chunks = Object.values(bundle ?? {}).filter((one) => one.type === 'chunk')
        const app = chunks.find((one) => one.facadeModuleId?.endsWith('apps/web/app.tsx'))
        if (!app || !entry) throw new Error('there is no app.tsx among the parts of the web')
        const needed = new Set<string>()
        const add = (name: string) => {
          if (needed.has(name)) return
          needed.add(name)
          for (const next of chunks.find((one) => one.fileName === name)?.imports ?? []) add(next)
        }
        add(app.fileName)
        const styles = [...needed].flatMap((name) => [...(chunks.find((one) => one.fileName === name)?.viteMetadata?.importedCss ?? [])])
        first = [...new Set([entry.fileName, ...(entry.viteMetadata?.importedCss ?? []), ...needed, ...styles])].map((name) => `/${name}`)
        files = Object.keys(bundle ?? {})
          .filter((name) => name.startsWith('assets/'))
          .map((name) => `/${name}`)
        const missing = (name: string) => !html.includes(`"/${name}"`)
        return [
          ...[...needed].filter(missing).map((name) => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: true, href: `/${name}` },
            injectTo: 'head' as const,
          })),
          ...styles
            .filter(missing)
            .map((name) => ({ tag: 'link', attrs: { rel: 'stylesheet', crossorigin: true, href: `/${name}` }, injectTo: 'head' as const })),
        ]
      },
    },
    writeBundle() {
      const source = readFileSync(join(here, 'service-worker.js'), 'utf8')
      writeFileSync(join(out, 'service-worker.js'), source.replace(/\/\* BUILD \*\/ .*/, JSON.stringify({ files, first })))
    },
  }
}

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
  plugins: [noNode(), fewerLocales(), react(), few.plugin, firstLoad(), precompressed()],
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
    rolldownOptions: { output: { codeSplitting: { groups: few.groups } } },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/live': 'http://127.0.0.1:8080' } },
})
