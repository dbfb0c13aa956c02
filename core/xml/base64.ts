/**
 * The bytes of an `xs:base64Binary`, or undefined. Strict where Node's own decoder is not: wrong lengths, strange characters and spare bits
 * that are not zero are refused, because two spellings of one signature would let a changed text pass as sound.
 */
export function strictBase64(text: string): Buffer | undefined {
  const compact = text.replace(/[ \t\r\n]+/g, '')
  if (compact === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) return undefined
  const bytes = Buffer.from(compact, 'base64')
  return bytes.toString('base64') === compact ? bytes : undefined
}
