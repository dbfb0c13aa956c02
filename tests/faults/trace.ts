import { createReadStream, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

/** What strace is asked for: everything by which PostgreSQL changes a file or makes a change last. */
export const traced =
  'openat,creat,write,pwrite64,pwritev,pwritev2,ftruncate,fallocate,rename,renameat,renameat2,unlink,unlinkat,rmdir,link,mkdir,fsync,fdatasync,sync,syncfs,msync,lseek'

/** One call that did something. `start` and `end` in seconds of the wall clock; paths are absolute. */
export type Call = { start: number; end: number } & (
  | { kind: 'create'; path: string; truncate: boolean }
  | { kind: 'write'; path: string; offset: number; bytes: Buffer }
  | { kind: 'size'; path: string; size: number; grow: boolean }
  | { kind: 'rename'; path: string; to: string }
  | { kind: 'link'; path: string; to: string }
  | { kind: 'unlink' | 'mkdir' | 'rmdir'; path: string }
  | { kind: 'sync'; path: string }
)

const unhex = (text: string) => Buffer.from(text.replaceAll('\\x', ''), 'hex')
const strings = (text: string) => [...text.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex]) => unhex(hex ?? ''))
/** `5<\x2f…>`: the path behind a descriptor; undefined when it is no file, or one that has no name any more. */
function behind(text: string): string | undefined {
  const found = /^\d+<((?:\\x[0-9a-f]{2})*)>(\(deleted\))?/.exec(text)
  if (!found || found[2]) return undefined
  const path = unhex(found[1] ?? '').toString('utf8')
  return path.startsWith('/') ? path : undefined
}

/**
 * Reads what `strace -ff --seccomp-bpf -ttt -T -y -xx` wrote, one file for each process, in the order in which the calls ended.
 * Errors: a call that changes files in a way that is not replayed here; then the method would be unsound, and it says so.
 */
export async function readTrace(folder: string, cwd: string): Promise<Call[]> {
  const calls: Call[] = []
  for (const name of readdirSync(folder).filter((each) => each.startsWith('trace.'))) {
    const offsets = new Map<string, number>()
    for await (const line of createInterface({ input: createReadStream(join(folder, name)) })) {
      const call = readLine(line, cwd, offsets)
      if (call) calls.push(call)
    }
  }
  return calls.sort((one, other) => one.end - other.end)
}

function readLine(line: string, cwd: string, offsets: Map<string, number>): Call | undefined {
  const open = line.indexOf('(')
  const close = line.lastIndexOf(') ')
  if (open < 0 || close < open) return undefined
  const [stamp = '', name = ''] = line.slice(0, open).split(' ')
  const outcome = /^\)\s+= (-?\d+)(.*)$/.exec(line.slice(close))
  // A call that failed, or that its process never came back from, is none: whether it did anything is the disk's secret.
  if (!outcome || Number(outcome[1]) < 0) return undefined
  const result = Number(outcome[1])
  const start = Number(stamp)
  const end = start + Number(/<(\d+\.\d+)>\s*$/.exec(outcome[2] ?? '')?.[1] ?? 0)
  const text = line.slice(open + 1, close)
  const when = { start, end }
  const descriptor = /^\d+/.exec(text)?.[0] ?? ''
  const at = (bytes: Buffer | undefined) => resolve(cwd, bytes?.toString('utf8') ?? '')
  const last = () => Number(/, (\d+)$/.exec(text)?.[1] ?? 0)
  switch (name) {
    case 'openat': {
      offsets.set(String(result), 0)
      const path = behind(`${result}${(outcome[2] ?? '').trim()}`)
      if (path === undefined || !/O_CREAT|O_TRUNC/.test(text)) return undefined
      if (text.includes('O_APPEND')) throw new Error(`a file opened to append is not replayed: ${path}`)
      return { ...when, kind: 'create', path, truncate: text.includes('O_TRUNC') }
    }
    case 'lseek':
      offsets.set(descriptor, result)
      return undefined
    case 'write': {
      const offset = offsets.get(descriptor) ?? 0
      offsets.set(descriptor, offset + result)
      const path = behind(text)
      return path === undefined ? undefined : { ...when, kind: 'write', path, offset, bytes: strings(text)[0]!.subarray(0, result) }
    }
    case 'pwrite64':
    case 'pwritev': {
      const path = behind(text)
      return path === undefined
        ? undefined
        : { ...when, kind: 'write', path, offset: last(), bytes: Buffer.concat(strings(text)).subarray(0, result) }
    }
    case 'ftruncate':
    case 'fallocate': {
      const path = behind(text)
      if (path === undefined) return undefined
      const [, mode, from, length] = /, (\w+), (\d+), (\d+)$/.exec(text) ?? []
      if (name === 'fallocate' && mode !== '0') throw new Error(`fallocate with a mode is not replayed: ${path}`)
      return {
        ...when,
        kind: 'size',
        path,
        size: name === 'fallocate' ? Number(from) + Number(length) : last(),
        grow: name === 'fallocate',
      }
    }
    case 'rename':
    case 'renameat':
    case 'renameat2':
    case 'link': {
      const [from, to] = strings(text)
      return { ...when, kind: name === 'link' ? 'link' : 'rename', path: at(from), to: at(to) }
    }
    case 'unlink':
    case 'unlinkat':
    case 'mkdir':
    case 'rmdir':
      return { ...when, kind: name === 'unlinkat' ? 'unlink' : name, path: at(strings(text)[0]) }
    case 'fsync':
    case 'fdatasync': {
      const path = behind(text)
      return path === undefined ? undefined : { ...when, kind: 'sync', path }
    }
    case 'creat':
    case 'pwritev2':
    case 'msync':
    case 'syncfs':
    case 'sync':
      throw new Error(`${name} is not replayed`)
    default:
      return undefined
  }
}
