import { readFile } from 'node:fs/promises'

/** The modules of the offline verifier, each only importing those before it. */
const modules = ['tree', 'notes', 'bundle', 'words', 'check', 'main'] as const

const importLine = /^import \{ ([^}]+) \} from '([^']+)'\n/gm
/** What check.mjs hands on for the tests and for us. */
const exportLine = /^export \{ [^}]+ \} from '[^']+'\n/gm
const opening = /^(?:#!.*\n)?(?:\/\/.*\n)+/

/**
 * The offline verifier as the text of one file, `concord-verify.mjs`: plain JavaScript for Node 20 or later that imports nothing but Node's own
 * modules, so that whoever is handed a bundle can read it through and run it. `core/record/verifier/main.mjs` says how it is used.
 */
export async function verifierSource(): Promise<string> {
  const texts = await Promise.all(modules.map((name) => readFile(new URL(`${name}.mjs`, import.meta.url), 'utf8')))
  const nodes = new Map<string, Set<string>>()
  let head = ''
  const bodies = texts.map((text, number) => {
    let body = text
    if (modules[number] === 'main') {
      head = opening.exec(text)?.[0] ?? ''
      body = text.slice(head.length)
    }
    for (const [, names = '', from = ''] of body.matchAll(importLine)) {
      if (!from.startsWith('node:')) continue
      const known = nodes.get(from) ?? new Set<string>()
      for (const name of names.split(', ')) known.add(name)
      nodes.set(from, known)
    }
    return body.replace(importLine, '').replace(exportLine, '').trim()
  })
  const imports = [...nodes].map(([from, names]) => `import { ${[...names].sort().join(', ')} } from '${from}'`).sort()
  return `${[`${head}${imports.join('\n')}`, ...bodies].join('\n\n')}\n`
}
