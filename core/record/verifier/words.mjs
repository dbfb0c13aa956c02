const plural = (count, word, more = `${word}s`) => `${count} ${count === 1 ? word : more}`

/** The report in words, for somebody who has never seen one. */
export function wordsOf(report) {
  const lines = [
    `This is ${report.part ? 'a part of the record' : 'the record'} of ${report.origin}, written to this file at ${report.made}.`,
  ]
  lines.push(`Checked: ${plural(report.entries, 'entry', 'entries')} against ${plural(report.heads, 'signed head')}.`)
  if (report.leaves)
    lines.push(
      'The file holds the hash of each entry alone. Whether an entry that you hold is one of them: search the file for its leaf, which your pack or receipt names.',
    )
  if (report.sealedAt !== null)
    lines.push(
      `${report.part ? `${plural(report.sealed, 'entry is', 'entries are')} proved to stand` : `The first ${plural(report.sealed, 'entry', 'entries')} stand`} in the record as it was signed at ${report.sealedAt}.`,
    )
  if (report.notYetSealed > 0) lines.push(`Not proved by any signed head: ${plural(report.notYetSealed, 'entry', 'entries')}.`)
  if (report.stubs > 0)
    lines.push(
      `Content was removed from ${plural(report.stubs, 'entry', 'entries')} by retention, or left out: when they were written is proved, what they said is not shown.`,
    )
  lines.push(
    report.keysFrom === 'given'
      ? `Signatures were checked under ${plural(report.keys.length, 'key')} that you gave.`
      : 'Signatures were checked under keys from this file itself. That proves only that the file agrees with itself: get the city’s keys by another way, and give them with --keys.',
  )
  for (const { kind, size, at, from, to } of report.keyChanges) {
    if (kind === 'changed')
      lines.push(`The key was changed at ${at} (size ${size}): key ${from} handed over to key ${to}, and both signed that.`)
    else if (kind === 'lost')
      lines.push(
        `The chain of keys is broken at size ${size}, ${at}: the city states that its key was lost. Key ${to} signs since; no earlier key vouches for it.`,
      )
    else
      lines.push(
        `At ${at} (size ${size}) somebody states that the city’s key was lost, and signs with key ${to}. No key you trust vouches for that: ask the city for its new key by another way.`,
      )
  }
  if (report.witness === null) lines.push('Not checked: whether anybody else holds these heads. With --witness FILE it is.')
  else if (report.witness.heldUntil === null) lines.push('The witness’s file holds nothing that proves this record.')
  else
    lines.push(
      `Somebody else holds this record as it stood at ${report.witness.heldUntil}: ${plural(report.witness.heldSize, 'entry', 'entries')}. What was recorded later rests on the signatures alone.`,
    )
  if (report.witness?.newer > 0)
    lines.push(
      `${plural(report.witness.newer, 'statement')} of the witness ${report.witness.newer === 1 ? 'is' : 'are'} newer than this file, and not held against it: ask the city for a file made since.`,
    )
  if (report.witness?.unread > 0)
    lines.push(
      `${plural(report.witness.unread, 'line')} of the witness’s file could not be read and ${report.witness.unread === 1 ? 'proves' : 'prove'} nothing.`,
    )
  if (report.unchained > 0)
    lines.push(
      `Not checked: whether ${plural(report.unchained, 'head continues', 'heads continue')} the one before: this part brings no proof of it.`,
    )
  if (report.part) lines.push('Not checked, because a part cannot show it: what else the record holds.')
  for (const { position, what } of report.problems)
    lines.push(`WRONG: ${position === null ? '' : `entry at position ${position}: `}${what}.`)
  if (report.problemCount > report.problems.length) lines.push(`And ${report.problemCount - report.problems.length} more.`)
  lines.push(
    report.ok
      ? 'Nothing wrong was found in what was checked.'
      : `${plural(report.problemCount, 'thing is', 'things are')} wrong. Keep this file as it is, and ask the city about it in writing.`,
  )
  // The file's own words (its origin, its times) must not steer the reader's terminal.
  return lines.map((line) => line.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, '?'))
}
