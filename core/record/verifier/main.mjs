#!/usr/bin/env node
// Checks a record bundle of Concord: the city's record, or a part of it, in one file. Plain Node 20 or later, this file alone: no server, no
// store, no network, nothing to install. Written apart from the system that made the record, so that a fault in one is not a fault in both.
//
//   node concord-verify.mjs BUNDLE [--keys FILE] [--witness FILE] [--json]
//
// --keys     the city's public keys (name+id+base64), one a line, that you have from somewhere else than this bundle: paper, a newspaper, a witness
// --witness  what a witness holds: a file it kept, or the saved text of the mails it was sent
// Ends with 0: all that was checked is sound, under keys you brought. 1: something is wrong. 2: it could not be checked at all.
// 3: sound in itself, but the keys came from the bundle too, so it only agrees with itself.
import { readFileSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { checkBundle } from './check.mjs'

export const linesOfFile = (path) =>
  readFileSync(path, 'utf8')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))

/** One command line. `say` and `warn` take a line. Returns the exit code that the head of this file explains. */
export async function main(args, say = console.log, warn = console.error) {
  const valueOf = (flag) => (args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined)
  const files = args.filter((word, at) => !word.startsWith('--') && !['--keys', '--witness'].includes(args[at - 1]))
  if (files.length === 0) {
    warn('Use: node concord-verify.mjs BUNDLE [--keys FILE] [--witness FILE] [--json]')
    return 2
  }
  let worst = 0
  for (const file of files) {
    let report
    try {
      const keys = valueOf('--keys') === undefined ? [] : linesOfFile(valueOf('--keys'))
      const witness = valueOf('--witness') === undefined ? null : readFileSync(valueOf('--witness'), 'utf8')
      report = await checkBundle(file, { keys, witness })
    } catch (error) {
      warn(`${file}: it could not be read (${error.code ?? error.name}). Nothing was checked.`)
      return 2
    }
    if (report === undefined) {
      warn(`${file}: this is not a record bundle: its first line is no manifest. Nothing was checked. Ask for the file again.`)
      return 2
    }
    if (args.includes('--json')) say(JSON.stringify({ file, ...report }))
    else for (const line of report.says) say(line)
    worst = report.ok ? (report.keysFrom === 'given' ? worst : worst || 3) : 1
  }
  return worst
}

if (process.argv[1] && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url)))
  process.exitCode = await main(process.argv.slice(2))
