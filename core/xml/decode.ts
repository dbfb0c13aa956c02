import { XmlRefusal } from './refusal.ts'

const startsWith = (bytes: Uint8Array, ...head: number[]): boolean => head.every((byte, index) => bytes[index] === byte)

/** The encoding that the first bytes prove (a byte order mark, or the shape of `<?` in UTF-16), else undefined. */
function provenEncoding(bytes: Uint8Array): string | undefined {
  if (startsWith(bytes, 0xef, 0xbb, 0xbf)) return 'utf-8'
  if (
    startsWith(bytes, 0xff, 0xfe, 0, 0) ||
    startsWith(bytes, 0, 0, 0xfe, 0xff) ||
    startsWith(bytes, 0, 0, 0, 0x3c) ||
    startsWith(bytes, 0x3c, 0, 0, 0)
  )
    throw new XmlRefusal('not-xml', 'The text is in UTF-32, which is not read here. Nothing was kept open; send it as UTF-8.')
  if (startsWith(bytes, 0xff, 0xfe) || (bytes[0] !== 0 && bytes[1] === 0)) return 'utf-16le'
  if (startsWith(bytes, 0xfe, 0xff) || (bytes[0] === 0 && bytes[1] !== 0)) return 'utf-16be'
  return undefined
}

/** The encoding that the XML declaration names, else UTF-8. A declaration that can be read byte by byte is not UTF-16, whatever it says. */
function declaredEncoding(bytes: Uint8Array): string {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200))
  const declared = /^<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']/.exec(head)?.[1]?.toLowerCase()
  return declared === undefined || declared.startsWith('utf-16') ? 'utf-8' : declared
}

/**
 * The text of XML bytes (XML 1.0 §4.3.3 and appendix F). The gate looks for a DOCTYPE in exactly this text and gives exactly this text to
 * the parser, so the two can never read the same bytes differently.
 * @throws XmlRefusal 'not-xml' for an unknown encoding or bytes that are not of it
 */
export function decodeXml(bytes: Uint8Array): string {
  const encoding = provenEncoding(bytes) ?? declaredEncoding(bytes)
  let decoder: TextDecoder
  try {
    decoder = new TextDecoder(encoding, { fatal: true })
  } catch {
    throw new XmlRefusal('not-xml', 'The text names an encoding that is not known here. Send it as UTF-8.')
  }
  try {
    return decoder.decode(bytes)
  } catch {
    throw new XmlRefusal('not-xml', `The bytes are not valid ${encoding}. Send the message again as UTF-8.`)
  }
}
