/**
 * Whether a DOCTYPE (or any other declaration) stands before the root element. Comments and processing instructions that only mention the
 * word do not count. A DOCTYPE after the root's start is not XML at all and is left to the parser to refuse.
 */
export function hasDoctype(text: string): boolean {
  let position = text.charCodeAt(0) === 0xfeff ? 1 : 0
  for (;;) {
    while (/\s/.test(text.charAt(position))) position += 1
    if (text.startsWith('<!--', position)) {
      const end = text.indexOf('-->', position + 4)
      if (end < 0) return false
      position = end + 3
    } else if (text.startsWith('<?', position)) {
      const end = text.indexOf('?>', position + 2)
      if (end < 0) return false
      position = end + 2
    } else {
      return text.startsWith('<!', position)
    }
  }
}
