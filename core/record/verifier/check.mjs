export { readKey } from './notes.mjs'
export { holdsConsistency } from './tree.mjs'
import { pathOf, readBundle } from './bundle.mjs'
import { believedFromTheStart, headJudge, readHead, readKey, readStatement, signedBy } from './notes.mjs'
import { base64, bytesOf, holdsConsistency, holdsInclusion, rootsAt, sha256 } from './tree.mjs'
import { wordsOf } from './words.mjs'

/** What a witness holds: every statement in the text, whatever stands around it. A line that was torn is told, and proves nothing. */
export function readWitness(text) {
  const held = { statements: [], unread: 0 }
  for (const line of text.split(/\r?\n/)) {
    if (!line.includes('"statement"')) {
      if (/^\s*\{/.test(line)) held.unread += 1
      continue
    }
    let statement
    try {
      statement = readStatement(JSON.parse(line.trim()).statement)
    } catch {
      statement = undefined
    }
    if (statement) held.statements.push(statement)
    else held.unread += 1
  }
  return held
}

/**
 * Holds a witness's statements against their openings. `fits(head)` says whether an opened head is one of this record, `newer(at)` whether a statement
 * may have been made after the file that is checked.
 */
export function checkWitness(held, openings, origin, keys, fits, newer = () => false) {
  const opened = new Map(openings.map((opening) => [sha256(bytesOf(opening.salt), opening.head).toString('base64'), opening.head]))
  const result = { statements: 0, unread: held.unread, newer: 0, heldUntil: null, heldSize: 0, problems: [] }
  const wrong = (at, what) => void result.problems.push(`the witness's statement of ${at}: ${what}`)
  for (const statement of held.statements) {
    const { at } = statement
    if (statement.origin !== origin) continue
    result.statements += 1
    if (!keys.some((key) => signedBy(statement, key) === 'signed')) {
      wrong(at, 'not signed by a key that is believed; it was changed, or is another’s')
      continue
    }
    const text = opened.get(statement.commitment)
    if (text === undefined && newer(at)) {
      result.newer += 1
      continue
    }
    if (text === undefined) {
      wrong(at, 'nothing in the record opens it: the record was rewritten since, or the opening was kept back')
      continue
    }
    const head = text === '' ? undefined : readHead(text)
    if (text !== '' && (!head || !fits(head)))
      wrong(at, 'the head that the witness was given is not one of this record: its history was rewritten')
    else if (result.heldUntil === null || at > result.heldUntil) Object.assign(result, { heldUntil: at, heldSize: head?.size ?? 0 })
  }
  return result
}

/** Checks a bundle. `keys` and `witness` are texts. Undefined when the file is not a bundle. Never throws for what a line holds. */
export async function checkBundle(path, { keys = [], witness = null, listAtMost = 100 } = {}) {
  const problems = []
  let problemCount = 0
  const problem = (position, what) => {
    problemCount += 1
    if (problems.length < listAtMost) problems.push({ position, what })
  }
  const found = await readBundle(path, problem)
  const { manifest } = found
  if (!manifest) return undefined
  const part = manifest.part === true
  const own = manifest.keys.map(readKey)
  if (own.includes(undefined)) problem(null, 'the manifest names a key that cannot be read')
  const given = keys.map(readKey)
  if (given.includes(undefined)) problem(null, 'one of the keys you gave is not a public key of a record')
  const usable = own.filter((key) => key !== undefined)
  const brought = given.filter((key) => key !== undefined)
  if (manifest.entries !== found.entries) problem(null, `the manifest says ${manifest.entries} entries, the file has ${found.entries}`)
  if (manifest.heads !== found.heads.length) problem(null, `the manifest says ${manifest.heads} heads, the file has ${found.heads.length}`)
  if (manifest.openings !== undefined && manifest.openings !== found.openings.length)
    problem(null, `the manifest says ${manifest.openings} openings, the file has ${found.openings.length}`)

  const heads = found.heads.map((text, number) => ({ ...readHead(text), number }))
  for (const head of heads) if (!head.body) problem(null, `head ${head.number} cannot be read: it was damaged or changed`)
  const read = heads.filter((head) => head.body)
  const start = believedFromTheStart(read, keys.length > 0 ? brought : usable, usable)
  const keyChanges = []
  const judge = headJudge(manifest.origin, start, (change) => keyChanges.push(change))
  let [last, sealed, lastAt] = [0, 0, null]
  for (const head of read) {
    head.wrong = judge(head)
    if (head.wrong) problem(null, `head ${head.number} (size ${head.size}): ${head.wrong}`)
    if (head.size < last)
      problem(null, `head ${head.number} (size ${head.size}) is smaller than the head before it: the record may only grow`)
    last = Math.max(last, head.size)
  }

  const opened = found.openings.filter((opening) => base64(opening?.salt) && typeof opening.head === 'string')
  const openedHeads = opened.flatMap(({ head }) => readHead(head) ?? [])
  const sizes = [...read, ...openedHeads].map(({ size }) => size)
  const roots = part ? new Map() : rootsAt([...sizes, found.rows], found.rows, found.leafAt)
  const sealedRoots = part || !found.twoTrees ? roots : rootsAt(sizes, found.rows, found.sealedAt)
  const byOrder = [...read].sort((a, b) => a.size - b.size || a.number - b.number)
  const is = (head) => `head ${head.number} (size ${head.size})`
  let good = 0
  let broken = false
  for (const head of part ? [] : byOrder) {
    if (head.size > found.rows) problem(null, `${is(head)}: there are only ${found.rows} entries: the last ones are missing`)
    else if (roots.get(head.size).equals(head.root)) {
      if (!head.wrong && head.size >= sealed) [sealed, lastAt] = [head.size, head.at]
      if (!broken) good = head.size
    } else if (sealedRoots.get(head.size).equals(head.root))
      problem(null, `${is(head)}: the stored leaves are as they were sealed; the entries named above were changed afterwards`)
    else {
      problem(
        null,
        `${is(head)}: its root is not that of these entries: ${broken ? 'as at the head before it' : `the fault lies at positions ${good} to ${head.size - 1}, or in the head`}`,
      )
      broken = true
    }
  }
  for (const { position, size, path, leaf } of found.proved) {
    const over = read.filter((head) => head.size === size && !head.wrong)
    if (!path || over.length === 0) problem(position, 'its proof is missing, or no sound head has the size it names')
    else if (!over.some((head) => holdsInclusion(size, position, leaf, path, head.root)))
      problem(position, 'its proof does not lead to the signed head: the entry was changed, or never stood there')
    else {
      sealed += 1
      lastAt = over[0].at > (lastAt ?? '') ? over[0].at : lastAt
    }
  }
  const chained = new Set()
  for (const proof of found.consistencies) {
    const [from, to] = [proof?.from, proof?.to].map((size) => byOrder.find((head) => head.size === size && !head.wrong))
    const path = pathOf(proof?.path)
    if (!from || !to || !path || !holdsConsistency(from.size, to.size, path, from.root, to.root))
      problem(null, 'a proof that one head continues another does not hold')
    else chained.add(`${from.size} ${to.size}`)
  }
  const unchained = part
    ? byOrder.slice(1).filter((head, at) => head.size !== byOrder[at].size && !chained.has(`${byOrder[at].size} ${head.size}`)).length
    : 0

  const fits = (head) =>
    part ? read.some((other) => other.size === head.size && other.root.equals(head.root)) : Boolean(roots.get(head.size)?.equals(head.root))
  const believed = [
    ...start,
    ...keyChanges.flatMap(({ kind, to }) => (kind === 'lost-unproved' ? [] : usable.filter((key) => key.id === to))),
  ]
  // A witness is told all the time, and the file was written once. No longer than a day: two statements are never further apart.
  const written = Date.parse(manifest.made)
  const newer = (at) =>
    manifest.leaves === true && !(Date.parse(at) <= Date.parse(manifest.told ?? '1970-01-01')) && Date.parse(at) > written - 86_400_000
  const held = witness === null ? null : checkWitness(readWitness(witness), opened, manifest.origin, believed, fits, newer)
  for (const what of held?.problems ?? []) problem(null, what)
  const report = {
    ok: problemCount === 0,
    origin: manifest.origin,
    made: String(manifest.made),
    part,
    leaves: manifest.leaves === true,
    entries: found.entries,
    sealed,
    sealedAt: lastAt,
    notYetSealed: found.entries - sealed,
    stubs: found.stubs,
    treeSize: part ? null : found.rows,
    root: part ? null : roots.get(found.rows).toString('hex'),
    heads: found.heads.length,
    keysFrom: keys.length > 0 ? 'given' : 'bundle',
    keys: (keys.length > 0 ? brought : usable).map(({ text }) => text),
    keyChanges,
    unchained,
    witness: held,
    problemCount,
    problems,
  }
  return { ...report, says: wordsOf(report) }
}
