import { Command, CommanderError } from 'commander'
import { areas, operations } from '#apps/server/registry.ts'
import { readConfig } from '#core/config.ts'
import { type Operation, wordsOf } from '#core/operation/operation.ts'
import { asOf, inspect } from '#core/record/reading/contract.ts'
import { askServer, callOperation, describeOperations, takeFromServer } from './call.ts'
import { fieldsOf } from './fields.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)

/** Flags that every way of starting a server shares. */
const serving = (command: Command) =>
  command
    .option('--port <port>', 'port to listen on (PORT)')
    .option('--host <address>', 'address to listen on; plain HTTP is served on loopback only')
    .option('--public-url <url>', 'the address that people use: sets links and the passkey id')
    .option('--tls-cert <file>', 'TLS certificate (PEM)')
    .option('--tls-key <file>', 'TLS key (PEM)')
    .option('--trusted-proxy <address>', 'a proxy that speaks TLS for us')
    .option('--data <folder>', 'folder of the embedded store (CONCORD_DATA)')
    .option('--system-postgres', "Debian's PostgreSQL instead of the embedded one")

function program(): Command {
  const concord = new Command('concord')
    .description('A city prepares for, responds to, recovers from and learns from a crisis, together.')
    .exitOverride()
  const run = (name: string, summary: string, demo: 'none' | 'load' | 'play') =>
    serving(concord.command(name))
      .description(summary)
      .option('--from <folder>', 'play the exercise on a folder of real CAP messages')
      .action(async (flags: Record<string, string | boolean | undefined>) => {
        const { serve } = await import('./serve.ts')
        await serve(readConfig(flags, process.env), { demo, ...(typeof flags.from === 'string' ? { from: flags.from } : {}) })
      })
  run('start', 'Server and web at one address, with the demo city on first run.', 'load')
  run('serve', 'Server and web at one address; the first run makes the first administrator.', 'none')
  run('demo', 'The demo city, with an exercise played on it, clock sped up.', 'play')
  concord
    .command('operations')
    .description('Every operation: who may, what goes in, what comes out.')
    .option('--json', 'with schemas')
    .action((flags: { json?: boolean }) => {
      say(
        describeOperations(
          operations.map(({ operation }) => operation),
          flags.json === true,
        ),
      )
    })
  addStoreCommands(concord)
  addOperations(concord)
  return concord
}

/** Commands that need no server. */
function addStoreCommands(concord: Command): void {
  const store = (name: string, summary: string) =>
    concord
      .command(name)
      .argument('<file>')
      .description(summary)
      .option('--data <folder>', 'folder of the embedded store (CONCORD_DATA)')
      .option('--system-postgres', "Debian's PostgreSQL instead of the embedded one")
      .option('--json', 'the outcome as JSON')
  store('backup', 'The whole city in one file.').action(async (file: string, flags: Record<string, string | boolean>) => {
    const { backUp } = await import('./store.ts')
    say(await backUp(file, readConfig(flags, process.env), flags.json === true))
  })
  store('restore', 'A city from a backup, into an empty store.').action(async (file: string, flags: Record<string, string | boolean>) => {
    const { restoreFrom } = await import('./store.ts')
    say(await restoreFrom(file, readConfig(flags, process.env), flags.json === true))
  })
}

/** `concord <area> <operation> [FILE…] [--input file|-] [--json]`: one command for each operation of the registry. */
function addOperations(concord: Command): void {
  const areas = new Map<string, Command>()
  for (const { operation } of operations) {
    const [area, verb] = wordsOf(operation)
    let parent = areas.get(area)
    if (!parent) {
      parent = concord.command(area).description(`operations of ${area}`)
      areas.set(area, parent)
    }
    addOperation(parent, verb, operation)
  }
  areas
    .get('record')
    ?.command('open-pack')
    .description('Open a sealed pack, without a server: asks for its passphrase, or reads it from standard input.')
    .argument('<file>')
    .option('--out <file>', 'where to put what was in it; FILE.zip otherwise')
    .option('--key <file>', 'your private key as a JWK, for a pack that was sealed to it')
    .action(async (file: string, flags: { out?: string; key?: string }) => {
      const { openMain } = await import('#core/record/pack/open.mjs')
      const given = [...(flags.out === undefined ? [] : ['--out', flags.out]), ...(flags.key === undefined ? [] : ['--key', flags.key])]
      process.exitCode = await openMain([file, ...given])
    })
}

const common = new Set(['input', 'json', 'as', 'world', 'dryRun', 'offline', 'files'])

function addOperation(parent: Command, verb: string, operation: Operation): void {
  const fields = fieldsOf(operation).filter(({ name }) => !common.has(name))
  const command = parent
    .command(verb)
    .description(operation.summary)
    .argument('[files...]', 'files whose content goes into the input')
    .option('--input <file>', 'the input as JSON, from a file or - for standard input')
    .option('--json', 'the answer as JSON on one line')
    .option('--as <person>', 'act for another person (operators; both names are recorded)')
    .option('--world <id>', 'the exercise to act in; live otherwise')
    .option('--dry-run', 'only say what would happen; needs no server, where that is possible')
    .option('--offline', 'work on the given files alone; needs no server, where that is possible')
  for (const { name, flag } of fields) command.option(flag, `${name} of the input`)
  for (const form of areas.flatMap((area) => area.offline ?? []).filter((one) => one.operation === operation))
    for (const [flag, what] of Object.entries(form.takes ?? {})) command.option(`--${flag} <file>`, what)
  if (!fields.some(({ name }) => name === 'reason')) command.option('--reason <words>', 'why, for the record')
  if (operation === asOf) forAnother(command)
  command.action(async (files: string[], flags: Record<string, string | boolean | undefined>) => {
    const offline = areas
      .flatMap((area) => area.offline ?? [])
      .find((form) => form.operation === operation && flags[form.flag] !== undefined)
    if (!offline && (flags.dryRun || flags.offline)) throw new Error(`${operation.name} has no such form without a server.`)
    const asked = operation === asOf && flags.for !== undefined ? inspect : operation
    const given = asked === inspect ? { ...flags, personId: flags.for } : flags
    process.exitCode = await (offline
      ? offline.run(files, flags, askServer, takeFromServer)
      : callOperation(asked, files, given, fieldsOf(asked)))
  })
}

/** `concord record as-of --at T --for P`: another person's picture, which needs an inquiry post, a purpose and an authority. */
const forAnother = (command: Command) =>
  command
    .option('--for <person>', "another person's picture, by an inquiry post")
    .option('--purpose <words>', 'why, with --for')
    .option('--authority <words>', 'on whose authority, with --for')

/** Runs one command line. Exit codes: 0 done, 1 refused or failed (said on standard error), 2 not a command. */
export async function main(argv: string[]): Promise<number> {
  try {
    await program().parseAsync(argv, { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    process.stderr.write(`concord: ${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}
