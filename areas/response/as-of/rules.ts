/** A row of the record in few words: its own text, its code from the catalogue, or its name and state; never its ids. */
export function rowWords(
  row: Readonly<Record<string, unknown>>,
  catalogue: (code: string, params: Record<string, string>) => string,
  agencies: ReadonlyMap<string, string>,
): string {
  const text = (name: string) => (typeof row[name] === 'string' ? row[name] : '')
  if (text('code') !== '')
    return [catalogue(text('code'), (row.params ?? {}) as Record<string, string>), text('text')].filter(Boolean).join(': ')
  const agency = agencies.get(text('agency_id'))
  if (agency !== undefined) return [agency, text('state') || text('kind'), text('basis') || text('reason')].filter(Boolean).join(', ')
  const words = ['text', 'question', 'words', 'name', 'basis', 'interests', 'state', 'reason', 'kind', 'cause']
    .map(text)
    .find((each) => each !== '')
  return words === undefined ? '' : words.length > 240 ? `${words.slice(0, 240)}…` : words
}
