#!/usr/bin/env node
// Plain JavaScript for Node 20 and later: finds a Node that runs TypeScript (24 or later) and starts the command line on it.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import * as module from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const floor = 24
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const serverCommands = new Set(['start', 'serve', 'demo'])

if (Number(process.versions.node.split('.')[0]) >= floor) await run()
else again(bundledNode())

/** Runs the command line here; its answer is the exit code. */
async function run() {
  // Started by an older Node: when that process goes, also by kill -9, this one stops in order instead of holding the port alone.
  if (process.channel) {
    process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
    process.channel.unref()
  }
  keepCompiled()
  const args = process.argv.slice(2)
  if (serverCommands.has(args[0] ?? '')) {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    process.stderr.write(`Concord ${version} on Node ${process.versions.node}\n`)
  }
  const { main } = await import('../apps/cli/main.ts')
  process.exitCode = await main(args)
}

/**
 * What Node made of each file is kept beside the packages, where whoever may write could change these anyway: half a second less for every start but the
 * first. A folder that cannot be written, or an older file, changes nothing but the time. A server that is killed writes nothing at its end, hence the timer.
 */
function keepCompiled() {
  module.enableCompileCache(join(root, 'node_modules', '.cache', 'concord'))
  setTimeout(() => module.flushCompileCache(), 5000).unref()
}

/** The Node of the package node-<platform>-<arch>, looked for where npm puts it, also when Concord is itself installed inside node_modules. */
function bundledNode() {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  for (let folder = root; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    if (existsSync(found)) return found
    if (folder === dirname(folder)) return undefined
  }
}

function again(node) {
  if (!node) {
    process.stderr.write(
      `Concord needs Node ${floor} or later. This is Node ${process.versions.node}, and no bundled Node was found for ${process.platform}-${process.arch}.\n` +
        `Nothing was started. Run "npm ci" without --omit=optional, or install Node ${floor}, then try again.\n`,
    )
    process.exitCode = 1
    return
  }
  const child = spawn(node, [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  // A terminal sends Ctrl-C and hang-up to both processes itself; passing them on as well would ask twice.
  const terminal = Boolean(process.stdin.isTTY)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']) {
    process.on(signal, () => {
      if (!(terminal && (signal === 'SIGINT' || signal === 'SIGHUP' || signal === 'SIGQUIT'))) child.kill(signal)
    })
  }
  child.on('error', (error) => {
    process.stderr.write(
      `The bundled Node could not be started: ${error.message}\n` +
        'Nothing was started. On a system with musl (Alpine) install its own Node 24 and set DATABASE_URL.\n',
    )
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    // No handler of ours may swallow the signal when this process ends as its child did.
    if (signal) process.exit(128 + (constants.signals[signal] ?? 0))
    process.exit(code ?? 1)
  })
}
