import { createHash, randomBytes } from 'node:crypto'

/** The key of a session, token or link: 256 bits of chance. */
export const newKey = (): string => randomBytes(32).toString('base64url')

/** What is stored of a key: nobody who reads the database can use one. */
export const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest()
