import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser'
import { withoutComments } from './check-files.ts'
import { modules, report, type Sin, text } from './files.ts'

const written = [/^(?:import|export)\b[^;'"`]*?\bfrom\s+'([^']+)'/gm, /\bimport\('([^']+)'\)/g]

/**
 * Holds the borders of .dependency-cruiser.mjs over the tree below `root`.
 * A tool that reads nothing finds nothing: when fewer modules were read than stand in the tree, that is the first sin.
 */
export async function checkBorders(root: string): Promise<{ sins: Sin[]; read: number }> {
  const expected = modules(root)
  const { default: config } = (await import(pathToFileURL(join(root, '.dependency-cruiser.mjs')).href)) as {
    default: { forbidden: object[]; options: ICruiseOptions }
  }
  const folders = [...new Set(expected.map((path) => path.split('/')[0] ?? ''))].filter((folder) => existsSync(join(root, folder)))
  const { forbidden, options } = config
  const result = await cruise(
    folders,
    { ...options, baseDir: root, validate: true, ruleSet: { forbidden } as ICruiseOptions['ruleSet'] },
    options.enhancedResolveOptions as object,
  )
  const cruised = result.output as ICruiseResult
  const read = new Set(cruised.modules.map((module) => module.source))
  const unread = expected.filter((path) => !read.has(path))
  const comment = new Map((forbidden as { name: string; comment: string }[]).map((rule) => [rule.name, rule.comment]))
  const violations = cruised.summary.violations.map((violation) => ({
    where: violation.from,
    what: `${violation.rule.name}: imports ${violation.cycle?.map((step) => step.name).join(' → ') ?? violation.to}; ${comment.get(violation.rule.name) ?? ''}`,
  }))
  // Some ways of writing an import are not seen (`export type … from`): a border would have a hole there.
  const unseen = cruised.modules
    .filter((module) => expected.includes(module.source) && !/^(tools|tests)\/|\.(test|e2e)\.tsx?$/.test(module.source))
    .flatMap((module) => {
      const seen = new Set(module.dependencies.map((dependency) => dependency.module))
      const source = withoutComments(text(root, module.source))
      const names = written.flatMap((pattern) => [...source.matchAll(pattern)].map((match) => match[1] ?? ''))
      return names
        .filter((name) => !seen.has(name) && !seen.has(name.replace('node:', '')))
        .map((name) => ({ where: module.source, what: `unseen-import: ${name}; write it as import type { … }, then export it` }))
    })
  const sins = [
    ...unseen,
    ...unread.map((path) => ({ where: path, what: 'was not read by dependency-cruiser: its borders are not held' })),
    ...violations,
  ]
  return { sins, read: expected.length - unread.length }
}

if (import.meta.main) {
  const { sins, read } = await checkBorders(process.cwd())
  report('borders', sins, `${read} modules`)
}
