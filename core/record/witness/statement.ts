import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { digest, digestBytes } from '../tree/digest.ts'
import { exactBase64, readNote, signNote, type SignedHead, type SigningKey } from '../tree/heads.ts'

/**
 * What a witness is given: *at this moment the record of this city stood as I have committed to*. A signed note of three lines (origin, `witness`,
 * the commitment, `at …`), always as long as the last, changed or not, so that whoever holds or carries it learns nothing of size or traffic.
 */
export interface Statement {
  origin: string
  /** SHA-256(salt ‖ signed head); of no bytes of head before there was one. */
  commitment: Buffer
  /** The beginning of the interval, by the real clock, in UTC. */
  at: string
}

export interface MadeStatement extends Statement {
  salt: Buffer
  head: string
  /** The signed text that leaves the city. */
  text: string
}

export interface ReadStatement extends Statement, Pick<SignedHead, 'body' | 'signatures'> {
  text: string
}

const pattern =
  /^([^\s+]{1,100})\nwitness\n([A-Za-z0-9+/]{43}=)\nat ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3,6}Z)\n$/u

export const commitmentOf = (salt: Uint8Array, head: string): Buffer => digest(Buffer.concat([salt, Buffer.from(head)]))

/** Commits to the head that stands now. `salt` is given only by tests. */
export function makeStatement(origin: string, head: string, at: Date, by: readonly SigningKey[], salt = randomBytes(32)): MadeStatement {
  const commitment = commitmentOf(salt, head)
  const body = `${origin}\nwitness\n${commitment.toString('base64')}\nat ${at.toISOString()}\n`
  return { origin, commitment, at: at.toISOString(), salt, head, text: signNote(body, by) }
}

/** Reads a statement strictly, without judging its signatures; undefined when it is none. */
export function readStatement(text: string): ReadStatement | undefined {
  try {
    const note = readNote(text)
    const [, origin = '', commitment = '', at = ''] = pattern.exec(note.body) ?? []
    const bytes = exactBase64(commitment)
    return origin !== '' && bytes?.length === digestBytes && Number.isFinite(Date.parse(at))
      ? { ...note, origin, commitment: bytes, at, text }
      : undefined
  } catch {
    return undefined
  }
}

const lineForm = z.strictObject({ statement: z.string().max(2000) })

/** As it stands in a file, a mail or a request: one line of JSON. */
export const statementLine = (text: string): string => `${JSON.stringify({ statement: text })}\n`

/** Every statement in a text of lines; `unread` counts lines that are none, such as a torn one. Empty lines are nothing. */
export function statementsIn(text: string): { statements: ReadStatement[]; unread: number } {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const statements = lines.flatMap((line) => {
    try {
      return readStatement(lineForm.parse(JSON.parse(line)).statement) ?? []
    } catch {
      return []
    }
  })
  return { statements, unread: lines.length - statements.length }
}
