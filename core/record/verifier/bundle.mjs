import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { base64, bytesOf, sha256, zero } from './tree.mjs'

// The bundle: JSON lines.

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const named = '[a-z_][a-z0-9_]{0,62}'
const stamp = '[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{6}Z'
const headerPattern = new RegExp(
  `^\\{"v": 1, "at": "${stamp}", "id": "(${uuid})", "row": "${uuid}", "label": (0|[1-9][0-9]{0,9}), "table": "${named}\\.${named}", ` +
    `"world": "${uuid}", "action": "(?:insert|update|left|arrived)", "thread": (?:"${uuid}"|null), "operation": "[ !#-\\[\\]-~]{1,200}"\\}$`,
)

const field = (value) => (value === null ? null : typeof value === 'string' && base64(value) ? bytesOf(value) : undefined)
const stored = (value) => (value === null ? null : typeof value === 'string' ? Buffer.from(value) : field(value?.base64) || undefined)
const whole = (value) => Number.isSafeInteger(value) && value >= 0
export const pathOf = (value) =>
  Array.isArray(value) && value.every((step) => base64(step) && step.length === 44) ? value.map(bytesOf) : undefined

function readEntry(line) {
  const entry = { position: line.entry, header: stored(line.header), salt: field(line.salt), content: stored(line.content) }
  Object.assign(entry, { contentHash: field(line.contentHash), leaf: field(line.leaf), size: line.size, path: pathOf(line.path) })
  const sound = (entry.position === null || whole(entry.position)) && Buffer.isBuffer(entry.header)
  return sound && [entry.salt, entry.content, entry.contentHash, entry.leaf].every((value) => value !== undefined) ? entry : undefined
}

async function* linesOf(path) {
  let rest = Buffer.alloc(0)
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes = Buffer.concat([rest, chunk])
    let start = 0
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      yield bytes.subarray(start, end)
      start = end + 1
    }
    rest = bytes.subarray(start)
  }
  if (rest.length > 0) yield rest
}

/** One pass: judges the file and every entry by itself; keeps 64 bytes an entry for the tree. */
export async function readBundle(path, problem) {
  const found = {
    manifest: undefined,
    heads: [],
    openings: [],
    consistencies: [],
    proved: [],
    entries: 0,
    placed: 0,
    stubs: 0,
    twoTrees: false,
  }
  let [leaves, sealedLeaves] = [Buffer.alloc(1 << 16), Buffer.alloc(1 << 16)]
  const ids = new Set()
  const all = createHash('sha256')
  let [number, ended, unplaced] = [0, false, false]
  const put = (index, leaf, storedLeaf) => {
    while ((index + 1) * 32 > leaves.length)
      [leaves, sealedLeaves] = [leaves, sealedLeaves].map((old) => Buffer.concat([old, Buffer.alloc(old.length)]))
    leaf.copy(leaves, index * 32)
    storedLeaf.copy(sealedLeaves, index * 32)
  }
  function entryOf(line) {
    const entry = readEntry(line)
    if (!entry) return problem(null, `line ${number}: the entry cannot be read`)
    found.entries += 1
    const { position } = entry
    const header = headerPattern.exec(entry.header.toString('latin1'))
    if (!header || Number(header[2]) > 2_147_483_647) problem(position, 'the header cannot be read')
    else if (ids.size === ids.add(header[1]).size) problem(position, 'its entry id occurs a second time')
    let hash = entry.contentHash
    if (entry.salt && entry.content) {
      if (entry.salt.length !== 32) problem(position, 'its salt is not 32 bytes')
      hash = sha256(entry.salt, entry.content)
      if (entry.contentHash && !hash.equals(entry.contentHash)) problem(position, 'the content hash is not that of its salt and content')
    } else if (!entry.salt && !entry.content && hash?.length === 32) found.stubs += 1
    else {
      problem(position, 'it has neither salt and content, nor the content hash alone')
      hash = undefined
    }
    const leaf = hash ? sha256(zero, entry.header, hash) : entry.leaf?.length === 32 ? entry.leaf : Buffer.alloc(32)
    if (hash && entry.leaf && !entry.leaf.equals(leaf)) {
      problem(position, 'its leaf is not that of its header, salt and content')
      found.twoTrees = true
    }
    if (found.manifest?.part === true) return void found.proved.push({ position, size: entry.size, path: entry.path, leaf })
    if (position === null) return void (unplaced = true)
    if (unplaced) problem(position, 'a row without a position stands before it')
    place(position, leaf, entry.leaf?.length === 32 ? entry.leaf : leaf)
  }
  /** In a bundle of leaves: a hash and its place, nothing of the entry. */
  function leafOf(line) {
    const leaf = field(line.leaf)
    found.entries += 1
    if (found.manifest?.leaves !== true) problem(null, `line ${number}: a leaf stands where an entry is due`)
    else if (!whole(line.position) || leaf?.length !== 32) problem(null, `line ${number}: the leaf cannot be read`)
    else place(line.position, leaf, leaf)
  }
  function place(position, leaf, storedLeaf) {
    if (position > found.placed)
      problem(found.placed, position === found.placed + 1 ? 'missing' : `missing, with all up to position ${position - 1}`)
    else if (position < found.placed) problem(position, `out of order or repeated: position ${found.placed} was due`)
    // The tree is made of what is there, in the order in which it stands: whatever is missing shows in every root after it.
    put(found.rows ?? 0, leaf, storedLeaf)
    found.rows = (found.rows ?? 0) + 1
    found.placed = Math.max(found.placed, position + 1)
  }
  for await (const bytes of linesOf(path)) {
    number += 1
    let line
    try {
      line = JSON.parse(strict.decode(bytes))
    } catch {
      line = null
    }
    const is = (name) => line !== null && typeof line === 'object' && name in line
    if (ended) problem(null, `line ${number}: there is more after the end`)
    if (number === 1) {
      const sound = is('format') && line.format === 'concord-record-bundle' && line.version === 1 && typeof line.origin === 'string'
      if (!sound || !Array.isArray(line.keys)) return { ...found, manifest: undefined }
      found.manifest = line
    } else if (is('entry')) entryOf(line)
    else if (is('leaf')) leafOf(line)
    else if (is('head')) found.heads.push(line.head)
    else if (is('opening')) found.openings.push(line.opening)
    else if (is('consistency')) found.consistencies.push(line.consistency)
    else if (is('end') && line.end === true) {
      ended = true
      if (all.copy().digest('hex') !== line.sha256) problem(null, 'the file is not as it was written: its digest differs')
    } else problem(null, `line ${number}: it is neither an entry, nor a head, nor the end`)
    all.update(bytes)
    all.update('\n')
  }
  if (!ended && found.manifest) problem(null, 'the file is cut short: its end line is missing')
  const at = (kept) => (index) => kept.subarray(index * 32, index * 32 + 32)
  return { ...found, rows: found.rows ?? 0, leafAt: at(leaves), sealedAt: at(sealedLeaves) }
}
