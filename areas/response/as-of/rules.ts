/** A row of the record in few words: its own text, its code from the catalogue, or its name; never its ids. */
export function rowWords(row: Readonly<Record<string, unknown>>, catalogue: (code: string, params: Record<string, string>) => string): string {
  const text = (name: string) => (typeof row[name] === 'string' ? row[name] : '')
  if (text('code') !== '') return [catalogue(text('code'), (row.params ?? {}) as Record<string, string>), text('text')].filter(Boolean).join(': ')
  const words = ['text', 'question', 'words', 'name', 'basis', 'interests', 'state', 'reason'].map(text).find((each) => each !== '')
  return words === undefined ? '' : words.length > 240 ? `${words.slice(0, 240)}…` : words
}
