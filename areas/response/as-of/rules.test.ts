import { expect, test } from 'vitest'
import { rowWords } from './rules.ts'

const catalogue = (code: string, params: Record<string, string>) => `${code}(${params.agency ?? ''})`
const agencies = new Map([['a1', 'Harbour']])

test('a row says its own words: a coded line in the catalogue’s, a seat by its agency, anything else by its text', () => {
  expect(rowWords({ code: 'seat.present', params: { agency: 'Fire' }, text: 'at the east door' }, catalogue, agencies)).toBe(
    'seat.present(Fire): at the east door',
  )
  expect(rowWords({ agency_id: 'a1', state: 'absent', reason: 'at sea' }, catalogue, agencies)).toBe('Harbour, absent, at sea')
  expect(rowWords({ question: 'Close the square?' }, catalogue, agencies)).toBe('Close the square?')
  expect(rowWords({ id: 'x', agency_id: 'unknown' }, catalogue, agencies)).toBe('')
})

test('a long text is cut, never dropped', () => {
  expect(rowWords({ text: 'a'.repeat(300) }, catalogue, agencies)).toHaveLength(241)
})
