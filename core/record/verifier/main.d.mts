/** One command line; the exit code: 0 sound under keys that were given, 1 wrong, 2 not checked at all, 3 only agrees with itself. */
export function main(args: readonly string[], say?: (line: string) => void, warn?: (line: string) => void): Promise<number>
