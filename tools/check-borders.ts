import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser'
import { modules, report, type Sin } from './files.ts'

/**
 * Holds the borders of .dependency-cruiser.mjs over the tree below `root`.
 * A tool that reads nothing finds nothing: when fewer modules were read than stand in the tree, that is the first sin.
 */
export async function checkBorders(root: string): Promise<{ sins: Sin[]; read: number }> {
  const expected = modules(root)
  const { default: config } = (await import(pathToFileURL(join(root, '.dependency-cruiser.mjs')).href)) as {
    default: { forbidden: object[]; options: ICruiseOptions }
  }
  const folders = [...new Set(expected.map(path => path.split('/')[0] ?? ''))].filter(folder => existsSync(join(root, folder)))
  const { forbidden, options } = config
  const result = await cruise(
    folders,
    { ...options, baseDir: root, validate: true, ruleSet: { forbidden } as ICruiseOptions['ruleSet'] },
    options.enhancedResolveOptions as object,
  )
  const cruised = result.output as ICruiseResult
  const read = new Set(cruised.modules.map(module => module.source))
  const unread = expected.filter(path => !read.has(path))
  const comment = new Map((forbidden as { name: string; comment: string }[]).map(rule => [rule.name, rule.comment]))
  const violations = cruised.summary.violations.map(violation => ({
    where: violation.from,
    what: `${violation.rule.name}: imports ${violation.cycle?.map(step => step.name).join(' → ') ?? violation.to}; ${comment.get(violation.rule.name) ?? ''}`,
  }))
  const sins = [
    ...unread.map(path => ({ where: path, what: 'was not read by dependency-cruiser: its borders are not held' })),
    ...violations,
  ]
  return { sins, read: expected.length - unread.length }
}

if (import.meta.main) {
  const { sins, read } = await checkBorders(process.cwd())
  report('borders', sins, `${read} modules`)
}
