const yes = new Set(['yes', 'y', 'ok', 'okay', 'accept', 'accepted', 'oui', 'o', 'accepte', "j'accepte"])
const no = new Set(['no', 'n', 'not', 'decline', 'declined', 'non', 'refuse', 'refusé', 'cannot', "can't"])
const politeness = /\b(no (problem|worries|prob)s?|pas de (probl[èe]me|souci)s?)\b/giu

/** `unclear`: a person must look; it never stops the escalation. */
export type Reply = { answer: 'accepted' | 'declined' | 'unclear'; replyCode?: string; reason?: string }

/**
 * Reads a text message: *1234 YES*, *yes 1234*, *1234NON malade*, in any case and with any punctuation, English and French.
 * Both answers in one message (a quoted *1234 YES or 1234 NO*) and *no problem* are unclear, never guessed.
 */
export function readReply(text: string): Reply {
  const clean = text.normalize('NFKC').replaceAll('’', "'").slice(0, 1000)
  const shape =
    /^[^\p{L}\p{N}]*(?<code>\d{4,8})[^\p{L}\p{N}]*(?<word>[\p{L}']+)(?<rest>[^]*)$/u.exec(clean) ??
    /^[^\p{L}\p{N}]*(?<word>[\p{L}']+)[^\p{L}\p{N}]*(?<code>\d{4,8})(?!\d)(?<rest>[^]*)$/u.exec(clean) ??
    /^[^\p{L}\p{N}]*(?<word>[\p{L}']+)(?<rest>[^]*)$/u.exec(clean)
  const { code, word, rest } = (shape?.groups ?? {}) as { code?: string; word?: string; rest?: string }
  const lone = /^\D*(\d{4,8})\D*$/u.exec(clean)?.[1]
  const replyCode = code ?? lone
  const known = replyCode === undefined ? {} : { replyCode }
  const first = (word ?? '').toLowerCase()
  const others = ((rest ?? '').toLowerCase().match(/[\p{L}']+/gu) ?? []) as string[]
  if (yes.has(first)) {
    const contradicted =
      /\b[\p{L}']+/u.test(rest ?? '') &&
      (rest ?? '')
        .replaceAll(politeness, '')
        .toLowerCase()
        .match(/[\p{L}']+/gu)
        ?.some((each) => no.has(each))
    return { answer: contradicted === true ? 'unclear' : 'accepted', ...known }
  }
  if (!no.has(first)) return { answer: 'unclear', ...known }
  const start = `${first}${rest ?? ''}`
  if (new RegExp(`^${politeness.source}`, 'iu').test(start) || others.some((each) => yes.has(each) && each !== 'o' && each !== 'y'))
    return { answer: 'unclear', ...known }
  const reason = (rest ?? '')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .trim()
    .slice(0, 300)
  return { answer: 'declined', ...known, ...(reason === '' ? {} : { reason }) }
}
