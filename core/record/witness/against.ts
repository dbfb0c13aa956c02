import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import type { Ask } from '#core/operation/implement.ts'
import { openStatements } from '../proving/contract.ts'
import { keys as keysOf } from '../standing/contract.ts'
import { verify } from '../reading/contract.ts'
import { readHead } from '../tree/heads.ts'
import { checkWitness, holdsConsistency, readKey, readWitness } from '../verifier/check.mjs'

type Opened = z.output<(typeof openStatements)['output']>

/**
 * `concord record verify --witness FILE`: holds the running city's record against what a witness has. The city opens each commitment and proves that its
 * newest head continues the head inside; the proofs are checked here. Without `--keys` the record's own keys are used, and that is said.
 * Returns the exit code: 0 held and sound, 1 something is wrong, 3 nothing of it is held by the witness.
 */
export async function holdAgainst(file: string, flags: Readonly<Record<string, string | boolean | undefined>>, ask: Ask): Promise<number> {
  const held = readWitness(await readFile(file, 'utf8'))
  const brought =
    typeof flags.keys === 'string' ? (await readFile(flags.keys, 'utf8')).split(/\r?\n/).filter((line) => line.trim() !== '') : []
  const report = verify.output.parse(await ask(verify, {}))
  const named = keysOf.output.parse(await ask(keysOf, {}))
  const keys = (brought.length > 0 ? brought : named.keys.map(({ publicKey }) => publicKey)).flatMap((text) => readKey(text) ?? [])
  const commitments = [...new Set(held.statements.map(({ commitment }) => commitment))]
  const answers: Opened[] = []
  for (let at = 0; at < commitments.length; at += 50)
    answers.push(openStatements.output.parse(await ask(openStatements, { commitments: commitments.slice(at, at + 50) })))
  const sound = new Set<string>()
  for (const { head, opened } of answers) {
    if (head === '') continue
    const newest = readHead(head).head
    for (const one of opened.filter((each) => each.head !== '' && each.path !== null)) {
      const then = readHead(one.head).head
      const path = (one.path ?? []).map((step) => Buffer.from(step, 'base64'))
      if (holdsConsistency(then.size, newest.size, path, Buffer.from(then.root), Buffer.from(newest.root))) sound.add(one.head)
    }
  }
  const openings = answers.flatMap(({ opened }) => opened.map(({ salt, head }) => ({ salt, head })))
  const found = checkWitness(held, openings, named.origin, keys, (head) => sound.has(head.text))
  const problems = [
    ...report.problems.map(({ position, what }) => (position === null ? what : `entry at position ${position}: ${what}`)),
    ...found.problems,
  ]
  const until =
    found.heldUntil === null
      ? 'This file holds nothing that proves this record.'
      : `Somebody else holds this record as it stood at ${found.heldUntil}. What was recorded later rests on the city’s signatures alone.`
  const ok = report.ok && found.problems.length === 0
  if (flags.json === true)
    process.stdout.write(
      `${JSON.stringify({ ok, heldUntil: found.heldUntil, heldSize: found.heldSize, statements: found.statements, unread: found.unread, keysFrom: brought.length > 0 ? 'given' : 'record', problems })}\n`,
    )
  else {
    const lines = [
      `The record of ${named.origin}: ${report.entries} entries worked out again from their rows, ${found.statements} statements of the witness held against it.`,
      until,
      ...(found.unread > 0 ? [`${found.unread} lines of the file could not be read and prove nothing.`] : []),
      brought.length > 0
        ? `Signatures were checked under ${keys.length} keys that you gave.`
        : 'Signatures were checked under keys that the record itself names. Give the city’s keys with --keys, from elsewhere.',
      ...problems.map((what) => `WRONG: ${what}.`),
      ok ? 'Nothing wrong was found in what was checked.' : 'Keep the witness’s file as it is, and ask the city about it in writing.',
    ]
    process.stdout.write(`${lines.join('\n')}\n`)
  }
  return ok ? (found.heldUntil === null ? 3 : 0) : 1
}
