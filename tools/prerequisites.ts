import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Something the tests stand on that npm does not bring: where it is looked for, and Debian's package of it. */
type Need = { name: string; found: () => boolean; package: string }

const needs = {
  postgres15: { name: 'PostgreSQL 15', found: () => existsSync('/usr/lib/postgresql/15/bin/postgres'), package: 'postgresql-15' },
  chromium: { name: 'Chromium', found: () => existsSync('/usr/bin/chromium'), package: 'chromium' },
} satisfies Record<string, Need>

export type NeedName = keyof typeof needs

/**
 * Makes sure the needs are met, installing Debian's packages where this process may.
 * Returns those that are not met; each has been said plainly, and its tests must then count as failed.
 */
export function meet(names: NeedName[]): NeedName[] {
  const missing = names.filter((name) => !needs[name].found())
  if (missing.length > 0) install(missing)
  const unmet = missing.filter((name) => !needs[name].found())
  for (const name of unmet)
    console.log(
      `NOT HERE: ${needs[name].name}. Install it (apt-get install ${needs[name].package}). The tests that need it count as failed.`,
    )
  return unmet
}

function install(missing: NeedName[]): void {
  const words = missing.map((name) => needs[name].name).join(' and ')
  if (process.getuid?.() !== 0) return console.log(`${words}: missing, and only root may install packages`)
  if (spawnSync('apt-get', ['--version']).status !== 0) return console.log(`${words}: missing, and there is no apt-get to install it with`)
  const packages = missing.map((name) => needs[name].package)
  console.log(`${words}: missing; installing ${packages.join(' ')} from Debian's packages …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const command of [
    ['update', '-q'],
    ['install', '-y', '-q', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', ...packages],
  ]) {
    try {
      execFileSync('apt-get', command, { env, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' })
    } catch (error) {
      const said = (error as { stderr?: string }).stderr ?? String(error)
      console.log(`apt-get ${command[0]} failed:\n${said.trim().split('\n').slice(-5).join('\n')}`)
    }
  }
}
