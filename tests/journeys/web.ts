import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('../../', import.meta.url))
const chrome = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Whether journeys can be walked here; `why` stands in the name of what is skipped. */
export const browserIsHere = existsSync(chrome)
export const why = browserIsHere ? '' : ' (SKIPPED: install chromium)'

/** When the youngest source of the web was written, ms. */
function youngest(): number {
  const folders = ['apps/web', 'areas', 'core'].map((folder) => join(project, folder))
  const files = folders.flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
  return Math.max(
    ...files
      .filter((file) => file.isFile() && /\.(ts|tsx|css|json|html|js|svg)$/.test(file.name) && !/\.(test|e2e)\.tsx?$/.test(file.name))
      .map((file) => statSync(join(file.parentPath, file.name)).mtimeMs),
  )
}
const builtAt = (folder: string): number => (existsSync(join(folder, 'index.html')) ? statSync(join(folder, 'index.html')).mtimeMs : 0)
const pause = (milliseconds: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)

/**
 * A folder with the web as its sources stand now: dist/web when it is younger than every source, else a build of the journeys' own, made
 * once under a lock. Nobody's dist/web is written. CONCORD_WEB: that folder, as it is.
 */
export function journeyWeb(): string {
  if (process.env.CONCORD_WEB) return process.env.CONCORD_WEB
  const shared = join(project, 'dist/web')
  const own = join(project, 'dist/journeys-web')
  const sources = youngest()
  if (builtAt(shared) > sources) return shared
  const lock = `${own}.lock`
  mkdirSync(join(project, 'dist'), { recursive: true })
  for (let round = 0; ; round += 1) {
    try {
      mkdirSync(lock)
      break
    } catch (error) {
      if (round > 600) throw error
      pause(200)
      if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 120_000) rmSync(lock, { recursive: true, force: true })
    }
  }
  try {
    if (builtAt(own) > sources) return own
    const fresh = `${own}.${process.pid}`
    const vite = join(project, 'node_modules/vite/bin/vite.js')
    execFileSync(process.execPath, [vite, 'build', '--config', 'apps/web/vite.config.ts', '--logLevel', 'error'], {
      cwd: project,
      env: { ...process.env, NODE_ENV: 'production', CONCORD_WEB: fresh },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    rmSync(own, { recursive: true, force: true })
    renameSync(fresh, own)
    return own
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}
