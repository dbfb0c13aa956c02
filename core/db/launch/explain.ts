import type { Account } from './account.ts'

/** What PostgreSQL's own words mean, and what to do; the words themselves where they mean nothing we know. */
export function explain(said: string, { data, account }: { data: string; account: Account | undefined }): string {
  if (/No space left on device|Disk quota exceeded/i.test(said))
    return `The disk that holds ${data} is full. What was acknowledged is safe. Make room, then start again.`
  if (/Read-only file system/i.test(said))
    return `The disk that holds ${data} cannot be written. What was acknowledged is safe. Make it writable, or give another --data.`
  if (/EPERM|setuid|setgid/.test(said))
    return `This process may not start programs as ${account?.name ?? 'another account'}. Start Concord as an ordinary user, or set DATABASE_URL.`
  if (/Permission denied|EACCES/i.test(said))
    return `The account ${account?.name ?? 'that runs Concord'} may not use ${data}. Give it that folder, or give another --data.`
  if (/could not (create|attach).*shared memory|Cannot allocate memory|could not map anonymous/i.test(said))
    return 'There is too little memory for it. What was acknowledged is safe. End other programs, then start again.'
  if (/incorrect checksum|invalid (primary )?checkpoint|could not locate a valid checkpoint/i.test(said))
    return 'The data on this disk is damaged. Nothing was changed. Keep a copy of the folder, then restore the last backup into another --data.'
  const last =
    said
      .trim()
      .split('\n')
      .filter((line) => /FATAL|PANIC|error/i.test(line))
      .at(-1) ?? said.trim().split('\n').at(-1)
  return last ? `It said: ${last.trim()}.` : 'It said nothing.'
}
