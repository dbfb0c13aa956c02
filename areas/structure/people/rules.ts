import type { PersonLine } from './contract.ts'

/** `Ada Quill-Marsh` is ada.quill-marsh, and the second of that name ada.quill-marsh.2. A name in other letters keeps them. */
export function codeOf(name: string, taken: { has(code: string): boolean }): string {
  const plain = name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}-]+/gu, '.')
    .replaceAll(/^[.-]+|[.-]+$/g, '')
    .slice(0, 100)
  const first = plain === '' ? 'person' : plain
  if (!taken.has(first)) return first
  let number = 2
  while (taken.has(`${first}.${number}`)) number += 1
  return `${first}.${number}`
}

/** What an administrator may do with somebody; the database says it again. Nobody closes themselves. */
export function deedsOf(one: Pick<PersonLine, 'id' | 'leftAt'>, provided: boolean, administrator: string): PersonLine['deeds'] {
  if (provided) return []
  if (one.leftAt !== null) return ['reopen']
  return one.id === administrator ? ['change'] : ['change', 'close']
}
