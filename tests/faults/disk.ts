import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Call } from './trace.ts'

/** A file by itself, whatever it is called: what it was at first, and what was done to it. */
interface Inode {
  /** Its name in the synced copy, relative; undefined when it was made later. */
  base: string | undefined
  doings: Array<{ call: Extract<Call, { kind: 'write' | 'size' | 'create' }>; metadata: boolean }>
  /** When the newest completed sync of it began. */
  synced: number
}

type Naming = { call: Call; inode: Inode | undefined }

/** A sequence of numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const block = 4096

/**
 * What a disk holds after the power went at `cut`, written over `target` (a copy of `base`, the cluster as it was synced before the trace).
 * A write is kept when a sync of its file began after the write had ended and had itself ended by the cut. Names and sizes are a journal:
 * they are kept up to the newest completed sync of anything. What was not synced is gone (`keep` undefined), or a random half of its 4 KiB
 * blocks is there, and a random part of the journal.
 */
export function replay(
  calls: readonly Call[],
  options: {
    cluster: string
    base: string
    target: string
    cut: number
    keep: (() => number) | undefined
    owner?: { uid: number; gid: number } | undefined
  },
): { kept: number; lost: number } {
  const { cluster, base, target, cut, keep, owner } = options
  const relative = (path: string) => (path === cluster || path.startsWith(`${cluster}/`) ? path.slice(cluster.length + 1) : undefined)
  const names = new Map<string, Inode | undefined>()
  const naming: Naming[] = []
  const inodes = new Set<Inode>()
  const bases = new Map<string, Inode>()
  const baseInode = (name: string): Inode | undefined => {
    const known = bases.get(name)
    if (known) return known
    if (!existsSync(join(base, name))) return undefined
    const made = { base: name, doings: [], synced: 0 }
    bases.set(name, made)
    inodes.add(made)
    return made
  }
  const find = (name: string) => (names.has(name) ? names.get(name) : baseInode(name))
  let journal = 0

  for (const call of calls) {
    const name = relative(call.path)
    if (call.end > cut || name === undefined) continue
    if (call.kind === 'sync') {
      journal = Math.max(journal, call.start)
      const inode = find(name)
      if (inode) inode.synced = Math.max(inode.synced, call.start)
    } else if (call.kind === 'write' || call.kind === 'size') {
      find(name)?.doings.push({ call, metadata: call.kind === 'size' })
    } else if (call.kind === 'create') {
      const there = find(name)
      if (there) {
        if (call.truncate) there.doings.push({ call, metadata: true })
        continue
      }
      const inode: Inode = { base: undefined, doings: [], synced: 0 }
      inodes.add(inode)
      names.set(name, inode)
      naming.push({ call, inode })
    } else {
      const inode = find(name)
      naming.push({ call, inode })
      if (call.kind === 'rename' || call.kind === 'link') names.set(relative(call.to) ?? '', inode)
      if (call.kind !== 'link' && call.kind !== 'mkdir') names.set(name, undefined)
    }
  }

  // The journal is written in order: beyond the last sync a random part of it, from its beginning, may have reached the disk.
  const later = [
    ...naming.map(({ call }) => call),
    ...[...inodes].flatMap(({ doings }) => doings.flatMap(({ call, metadata }) => (metadata ? [call] : []))),
  ].filter(({ end }) => end > journal)
  const reached =
    keep && later.length > 0
      ? Math.max(journal, later.map(({ end }) => end).sort((a, b) => a - b)[Math.floor(keep() * later.length)]! - 1e-6)
      : journal
  let [kept, lost] = [0, 0]

  const contentOf = (inode: Inode): Buffer => {
    let content = inode.base === undefined ? Buffer.alloc(0) : readFileSync(join(base, inode.base))
    const sized = (size: number) => (size <= content.length ? content : Buffer.concat([content, Buffer.alloc(size - content.length)]))
    for (const { call, metadata } of inode.doings) {
      const lasting = metadata ? call.end <= reached || call.end <= inode.synced : call.end <= inode.synced
      if (call.kind === 'create' || call.kind === 'size') {
        if (lasting)
          content = call.kind === 'create' ? Buffer.alloc(0) : call.grow ? sized(call.size) : sized(call.size).subarray(0, call.size)
        continue
      }
      if (lasting) {
        kept += 1
        content = Buffer.from(sized(call.offset + call.bytes.length))
        call.bytes.copy(content, call.offset)
        continue
      }
      lost += 1
      if (!keep) continue
      for (let from = 0; from < call.bytes.length; from += block) {
        if (keep() < 0.5) continue
        const piece = call.bytes.subarray(from, from + block)
        content = Buffer.from(sized(call.offset + from + piece.length))
        piece.copy(content, call.offset + from)
      }
    }
    return content
  }

  const durable = new Map<string, Inode | undefined>()
  const folders: string[] = []
  for (const { call, inode } of naming) {
    const name = relative(call.path)!
    if (call.end > reached) continue
    if (call.kind === 'mkdir') folders.push(name)
    else if (call.kind === 'create') durable.set(name, inode)
    else if (call.kind === 'rename' || call.kind === 'link') durable.set(relative(call.to) ?? '', inode)
    if (call.kind === 'rename' || call.kind === 'unlink' || call.kind === 'rmdir') durable.set(name, undefined)
  }
  for (const inode of bases.values()) if (inode.doings.length > 0 && !durable.has(inode.base!)) durable.set(inode.base!, inode)

  const written = new Map([...durable].filter(([, inode]) => inode !== undefined).map(([name, inode]) => [name, contentOf(inode!)]))
  const own = (path: string) => owner && chownSync(path, owner.uid, owner.gid)
  for (const [name, inode] of durable) if (inode === undefined) rmSync(join(target, name), { recursive: true, force: true })
  for (const name of folders) {
    mkdirSync(join(target, name), { recursive: true, mode: 0o700 })
    own(join(target, name))
  }
  for (const [name, content] of written) {
    if (!existsSync(dirname(join(target, name)))) continue
    writeFileSync(join(target, name), content, { mode: 0o600 })
    own(join(target, name))
  }
  return { kept, lost }
}
