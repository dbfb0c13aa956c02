const plain = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()

/** Every word of the question begins some word of the item, whatever the accents. */
export function matches(text: string, asked: string): boolean {
  const words = plain(text).split(/[^\p{Letter}\p{Number}]+/u)
  return plain(asked)
    .split(/\s+/)
    .filter(Boolean)
    .every((part) => words.some((word) => word.startsWith(part)))
}
