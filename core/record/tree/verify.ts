import { digestBytes, same } from './digest.ts'
import { createHeadJudge, earlierKeys, type HeadJudge, type KeyTurn, readHead, type SignedHead } from './heads.ts'
import { createIdSet } from './ids.ts'
import { contentHashInto, type EntryHeader, isHeaderOf, leafInto, parseHeader } from './leaf.ts'
import type { EntryColumns, PageReader, VerifyRow } from './rows.ts'
import { createTree, type Tree } from './tree.ts'

type Batch = VerifyRow | readonly VerifyRow[] | PageReader
type Batches = AsyncIterable<Batch> | Iterable<Batch>

export interface VerifyInput {
  origin: string
  /** Public keys the asker trusts, learnt apart from the record. */
  keys: readonly string[]
  /** Public keys the record itself names: they help only where a trusted key vouches for them by a signed change of key. */
  otherKeys?: readonly string[]
  /** Rows by position, from 0: one by one, in batches, or in packed pages, which are the fastest. */
  rows: Batches
  /** Signed heads as text, in the order in which they were signed. */
  heads: readonly string[]
  /** How many problems are listed; all are counted. */
  listAtMost?: number
}

/** `position` names the entry; null where the problem is a head's or the record's. Never holds a word of any content. */
export interface VerifyProblem {
  position: number | null
  what: string
}

export interface VerifyReport {
  /** Rows read. */
  entries: number
  /** Entries under the largest head whose signature and root are both right. */
  sealed: number
  /** Entries after that head: recorded, but not yet sealed by anything. */
  notYetSealed: number
  /** Entries of which retention has left the header and the content's hash. */
  stubs: number
  treeSize: number
  /** Hex, of all rows with a position, worked out from the rows. */
  root: string
  heads: number
  /** Changes and losses of the signing key: told by every verification, also where nothing is wrong. */
  keyTurns: KeyTurn[]
  ok: boolean
  problemCount: number
  problems: VerifyProblem[]
}

const compared = ['id', 'at', 'world', 'table', 'row', 'action', 'label', 'operation', 'thread'] as const

const isWhole = (columns: Partial<EntryColumns>): columns is EntryColumns => compared.every((key) => columns[key] !== undefined)

interface Seal {
  signed: SignedHead
  number: number
  sound: boolean
}

function readSeals(input: VerifyInput, problem: (position: number | null, what: string) => void): { seals: Seal[]; keyTurns: KeyTurn[] } {
  const read: Array<{ signed: SignedHead; number: number }> = []
  input.heads.forEach((text, number) => {
    try {
      read.push({ signed: readHead(text), number })
    } catch {
      problem(null, `head ${number} cannot be read: it was damaged or changed`)
    }
  })
  const first = earlierKeys(
    read.map(({ signed }) => signed),
    input.keys,
    input.otherKeys ?? [],
  )
  const judge: HeadJudge = createHeadJudge(input.origin, [...input.keys, ...first])
  let last = 0
  const seals = read.map(({ signed, number }) => {
    const verdict = judge.judge(signed)
    const { size } = signed.head
    if (!verdict.ok) problem(null, `head ${number} (size ${size}): ${verdict.says}`)
    if (size < last) problem(null, `head ${number} (size ${size}) is smaller than the head before it: the record may only grow`)
    last = Math.max(last, size)
    return { signed, number, sound: verdict.ok }
  })
  return { seals, keyTurns: judge.turns() }
}

/** Works the whole ledger out again from its rows and says, entry by entry, what is wrong. Never throws for what a row or head holds. */
export async function verifyRecord(input: VerifyInput): Promise<VerifyReport> {
  const problems: VerifyProblem[] = []
  const listAtMost = input.listAtMost ?? 100
  let problemCount = 0
  function problem(position: number | null, what: string): void {
    problemCount += 1
    if (problems.length < listAtMost) problems.push({ position, what })
  }

  const { seals, keyTurns } = readSeals(input, problem)
  const waiting = [...seals].sort((a, b) => a.signed.head.size - b.signed.head.size || a.number - b.number)
  const ids = createIdSet()
  const tree = createTree()
  // From the first entry whose stored leaf is not the one worked out, a second tree follows the stored leaves: the heads then tell which of the two was sealed.
  let storedTree: Tree | undefined
  const leaf = Buffer.alloc(digestBytes)
  const contentHash = Buffer.alloc(digestBytes)
  let [entries, sealed, stubs, expected, nextSeal, goodSize] = [0, 0, 0, 0, 0, 0]
  let [unplaced, rootBroken] = [false, false]

  function checkSeals(): void {
    for (let seal = waiting[nextSeal]; seal !== undefined && seal.signed.head.size <= tree.size(); seal = waiting[nextSeal]) {
      nextSeal += 1
      const { size, root } = seal.signed.head
      if (size < tree.size()) continue
      if (same(tree.root(), root)) {
        if (seal.sound) sealed = Math.max(sealed, size)
        if (!rootBroken) goodSize = Math.max(goodSize, size)
      } else if (storedTree !== undefined && same(storedTree.root(), root)) {
        problem(
          null,
          `head ${seal.number} (size ${size}): the stored leaves are as they were sealed; the entries named above were changed afterwards`,
        )
      } else {
        const where = rootBroken ? `as at the head before it` : `the fault lies at positions ${goodSize} to ${size - 1}, or in the head`
        problem(null, `head ${seal.number} (size ${size}): its root is not that of these entries: ${where}`)
        rootBroken = true
      }
    }
  }

  function checkHeader(row: VerifyRow, position: number | null): void {
    const { columns } = row
    if (columns !== null && isWhole(columns) && isHeaderOf(row.header, columns)) {
      if (!ids.add(columns.id)) problem(position, 'its entry id occurs a second time')
      return
    }
    let header: EntryHeader
    try {
      header = parseHeader(row.header)
    } catch {
      problem(position, 'the header cannot be read')
      return
    }
    if (columns !== null) {
      for (const key of compared)
        if (columns[key] !== undefined && columns[key] !== header[key]) problem(position, `column ${key} does not say what the header says`)
    }
    if (!ids.add(header.id)) problem(position, 'its entry id occurs a second time')
  }

  /** Leaves the leaf in `leaf`; false when none can be worked out. */
  function checkLeaf(row: VerifyRow, position: number | null): boolean {
    const { salt, content } = row
    if (salt !== null && content !== null) {
      if (salt.length !== digestBytes) {
        problem(position, 'its salt is not 32 bytes')
        return false
      }
      contentHashInto(salt, content, contentHash, 0)
      if (row.contentHash !== null && !same(row.contentHash, contentHash))
        problem(position, 'the content hash is not that of its salt and content')
      leafInto(row.header, null, null, contentHash, leaf, 0)
    } else if (salt === null && content === null && row.contentHash?.length === digestBytes) {
      stubs += 1
      leafInto(row.header, null, null, row.contentHash, leaf, 0)
    } else {
      problem(position, 'it has neither salt and content, nor the content hash alone')
      return false
    }
    if (row.leaf === null || same(row.leaf, leaf)) return true
    problem(position, 'its leaf is not that of its header, salt and content')
    if (storedTree === undefined && row.leaf.length === digestBytes) storedTree = createTree(tree.frontier())
    return true
  }

  function check(row: VerifyRow): void {
    entries += 1
    const { position } = row
    if (position === null) unplaced = true
    else {
      if (unplaced) problem(position, 'a row without a position stands before it')
      if (position > expected) problem(expected, position - expected === 1 ? 'missing' : `missing, with all up to position ${position - 1}`)
      else if (position < expected) problem(position, `out of order or repeated: position ${expected} was due`)
      expected = Math.max(expected, position + 1)
    }
    checkHeader(row, position)
    const made = checkLeaf(row, position)
    if (position === null) return
    // A row from which no leaf can be worked out leaves its stored leaf, or nothing, so that the heads after it can still be compared.
    if (!made) leaf.set(row.leaf?.length === digestBytes ? row.leaf : Buffer.alloc(digestBytes))
    tree.append(leaf)
    storedTree?.append(row.leaf?.length === digestBytes ? row.leaf : leaf)
    if (waiting[nextSeal] !== undefined) checkSeals()
  }

  const words = new Int32Array(4)
  /** A row that is as it should be makes no object; any other is looked at in full, to say what is wrong with it. */
  function checkPage(page: PageReader): void {
    for (let row = 0; row < page.count; row += 1) {
      const position = page.position(row)
      if (unplaced || position !== expected || !page.fits(row, words)) {
        const before = stubs
        check(page.row(row))
        // Without its content every row of a page looks like a stub; the database says which are.
        stubs = before + (page.stub(row) ? 1 : 0)
        if (!page.sound(row)) problem(position, 'the content does not fit its hash: it was changed')
        continue
      }
      entries += 1
      expected += 1
      if (page.stub(row)) stubs += 1
      if (!page.sound(row)) problem(position, 'the content does not fit its hash: it was changed')
      if (!ids.addWords(words[0] as number, words[1] as number, words[2] as number, words[3] as number))
        problem(position, 'its entry id occurs a second time')
      const stored = page.leaf(row)
      tree.append(stored)
      storedTree?.append(stored)
      if (waiting[nextSeal] !== undefined) checkSeals()
    }
  }

  checkSeals()
  for await (const batch of input.rows) {
    if ('fits' in batch) checkPage(batch)
    else if ('header' in batch) check(batch)
    else for (const row of batch) check(row)
  }
  for (; nextSeal < waiting.length; nextSeal += 1) {
    const { signed, number } = waiting[nextSeal] as Seal
    problem(null, `head ${number} (size ${signed.head.size}): there are only ${tree.size()} entries: the last ones are missing`)
  }
  return {
    entries,
    sealed,
    notYetSealed: entries - sealed,
    stubs,
    treeSize: tree.size(),
    root: tree.root().toString('hex'),
    heads: seals.length,
    keyTurns,
    ok: problemCount === 0,
    problemCount,
    problems,
  }
}
