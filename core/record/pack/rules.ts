/** How much of a sealed file is encrypted at a time, in bytes: what the reader must hold. */
export const pieceBytes = 64 * 1024

/**
 * How long a sealed file's content is made, in bytes: at least 256 KiB, then only sizes whose binary form ends in zeros (the PADMÉ rule: at most
 * an eighth more), in whole pieces. A thief learns the order of magnitude, and not what was in it. One byte marks where the content ends.
 */
export function paddedSize(content: number): number {
  const least = Math.max(content + 1, 256 * 1024)
  const exponent = Math.floor(Math.log2(least))
  const kept = Math.floor(Math.log2(exponent)) + 1
  const step = Math.max(2 ** (exponent - kept), 1)
  const rounded = Math.ceil(least / step) * step
  return Math.ceil(rounded / pieceBytes) * pieceBytes
}

/** scrypt as OWASP asks of it: 128 MiB and about half a second for each guess. */
export const stretching = { N: 2 ** 17, r: 8, p: 1 } as const

/** How many lines of a chapter the report for people shows; the rest is in its table. */
export const reportLines = 500
