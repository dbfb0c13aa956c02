const letters = 'abcdefghjkmnpqrstuvwxyz23456789'

/** Words that open a pack, out of random bytes: groups of four letters that are not mistaken for each other on paper, 24 of them (about 118 bits). */
export const newPassphrase = (random: Uint8Array): string =>
  [...random].map((byte, at) => `${at > 0 && at % 4 === 0 ? '-' : ''}${letters[byte % letters.length]}`).join('')
