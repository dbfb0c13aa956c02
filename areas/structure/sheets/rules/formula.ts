// A spreadsheet runs a cell that begins so; also with the wide forms that some programs take for the same (CWE-1236).
// Apostrophes that somebody wrote before it count too, so that taking one away again gives back what was there.
const runs = /^'*[=+\-@\t\r＝＋－＠]/
const guarded = /^'+[=+\-@\t\r＝＋－＠]/

/** For a cell of a file that a spreadsheet will open: what would run becomes text, by an apostrophe before it. */
export const guardCell = (text: string): string => (runs.test(text) ? `'${text}` : text)

/** The apostrophe that we put there goes again when our own export is read back. */
export const unguardCell = (text: string): string => (guarded.test(text) ? text.slice(1) : text)
