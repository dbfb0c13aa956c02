/**
 * Where each element begins and ends in a well-formed text without a DOCTYPE: `[start, end)` in UTF-16 units, by document order. The same
 * order as `XmlNode.position`, so an element's own source can be cut out exactly as it was sent.
 */
export function elementSpans(source: string): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = []
  const open: number[] = []
  let position = source.indexOf('<')
  while (position >= 0) {
    let end: number
    if (source.startsWith('<!--', position)) end = after(source, '-->', position + 4)
    else if (source.startsWith('<![CDATA[', position)) end = after(source, ']]>', position + 9)
    else if (source.startsWith('<?', position)) end = after(source, '?>', position + 2)
    else {
      end = tagEnd(source, position)
      if (source[position + 1] === '/') {
        const index = open.pop()
        const span = index === undefined ? undefined : spans[index]
        if (span) span.end = end
      } else {
        spans.push({ start: position, end })
        if (source[end - 2] !== '/') open.push(spans.length - 1)
      }
    }
    position = source.indexOf('<', end)
  }
  return spans
}

/** The text of the start tag that begins at `start`. */
export function startTag(source: string, start: number): string {
  return source.slice(start, tagEnd(source, start))
}

function after(source: string, mark: string, from: number): number {
  const found = source.indexOf(mark, from)
  return found < 0 ? source.length : found + mark.length
}

/* A '>' inside a quoted attribute value does not end the tag. */
function tagEnd(source: string, start: number): number {
  let quote = ''
  for (let position = start + 1; position < source.length; position += 1) {
    const character = source[position] as string
    if (quote) {
      if (character === quote) quote = ''
    } else if (character === '"' || character === "'") quote = character
    else if (character === '>') return position + 1
  }
  return source.length
}
