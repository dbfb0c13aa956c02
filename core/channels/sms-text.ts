/** GSM 03.38 basic set and its extension (3GPP TS 23.038 §6.2.1): what fits 160 characters in one SMS. */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
const extension = new Set('^{}\\[~]|€\f')
const plainer: Record<string, string> = {
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  œ: 'oe',
  Œ: 'OE',
  '\u00a0': ' ',
  '\u202f': ' ',
}

const inGsm = (text: string) => Array.from(text).every((letter) => basic.has(letter) || extension.has(letter))

/** Replaces letters outside GSM-7 by the nearest inside (ê → e, ’ → '), so that one accent does not halve the room; other scripts are left. */
export function foldToGsm(text: string): string {
  return Array.from(text.normalize('NFC'))
    .map((letter) => {
      if (inGsm(letter)) return letter
      const folded = plainer[letter] ?? letter.normalize('NFD').replaceAll(/\p{M}/gu, '')
      return inGsm(folded) ? folded : letter
    })
    .join('')
}

/** How a text goes out: 160 septets in one part, 153 in each of several; in UCS-2 70 and 67. */
export function smsParts(text: string): { encoding: 'gsm7' | 'ucs2'; length: number; parts: number } {
  const gsm = inGsm(text)
  const letters = Array.from(text)
  const length = gsm ? letters.reduce((sum, letter) => sum + (extension.has(letter) ? 2 : 1), 0) : text.length
  const [one, each] = gsm ? [160, 153] : [70, 67]
  return { encoding: gsm ? 'gsm7' : 'ucs2', length, parts: length <= one ? 1 : Math.ceil(length / each) }
}
