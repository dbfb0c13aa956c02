import { randomBytes, createHash } from 'node:crypto'
import { cityCode } from '#core/access/found.ts'
import { rule } from '#core/access/schemes/store.ts'
import { holdsAny, internLabel } from '#core/access/reach.ts'
import { conflict, notFound } from '#core/errors.ts'
import {
  type Implementation,
  implement,
  implementPrepared,
  type Organisation,
  type PackSection,
  type Tx,
} from '#core/operation/implement.ts'
import { belongingsOf } from '../belonging.ts'
import { isSure, requireSure } from '../sure.ts'
import { chaptersOf } from './chapters.ts'
import * as words from './contract.ts'
import { recipientOfKey, recipientOfPassphrase } from './seal.ts'
import * as store from './store.ts'

const day = 86_400_000
const ticketLasts = 10 * 60_000

export const actions = (
  sections: readonly PackSection[],
  organisations: (tx: Tx) => Promise<readonly Organisation[]>,
): readonly Implementation[] => [
  // Stretching a passphrase takes longer than a transaction may be silent.
  implementPrepared(
    words.pack,
    ({ passphrase = '', publicKey }) => (publicKey === undefined ? recipientOfPassphrase(passphrase) : recipientOfKey(publicKey)),
    async ({ input, tx, actor, clock, emit, id }, recipient) => {
      await requireSure(tx)
      const members = [...sections.flatMap((section) => section.members?.(input.thread) ?? []), `city:${await cityCode(tx)}`]
      const askedAt = new Date()
      const made: store.NewPack = {
        ...input,
        id: id(),
        personId: actor.personId,
        postId: actor.postId,
        tokens: input.reach === 'all' ? null : input.agencyId === undefined ? members : [...members, `agency:${input.agencyId}`],
        belongings: await belongingsOf(tx, sections, input.thread),
        form: {
          chapters: chaptersOf(sections),
          scheme: (await rule(tx)).scheme,
          organisations: Object.fromEntries((await organisations(tx)).map(({ token, name }) => [token, name])),
        },
        pictures: input.pictures.map(({ personId, at }) => ({
          personId,
          at: new Date(at).toISOString(),
          real: clock.real(new Date(at)).toISOString(),
        })),
        marking: 'TLP:AMBER+STRICT',
        recipient,
        askedAt,
        expiresAt: new Date(askedAt.getTime() + input.days * day),
        // Whoever made it and every inquiry post: a pack is never secret from an inquiry.
        label: await internLabel(tx, { clauses: [[`person:${actor.personId}`, 'kind:inquiry']], marking: 'TLP:AMBER+STRICT' }),
      }
      await store.put(tx, made)
      emit('record.packAsked', { id: made.id, thread: input.thread })
      return { id: made.id, expiresAt: made.expiresAt.toISOString() }
    },
  ),
  implement(words.packs, async ({ input, tx }) => ({
    packs: await store.packs(tx, input.thread ?? null),
    can: { all: await holdsAny(tx, ['kind:inquiry']) },
    strong: await isSure(tx),
  })),
  implement(words.takePack, async ({ input, tx, actor, id }) => {
    const pack = await store.readyPack(tx, input.packId)
    if (!pack) throw notFound()
    if (pack.state !== 'ready')
      throw conflict(
        pack.state === 'asked'
          ? 'This pack is still being made. Nothing was taken. Come back in a moment.'
          : 'This pack is not here any more: its days were over, or it could not be made. Nothing was taken. Make it again.',
      )
    await requireSure(tx)
    const ticket = randomBytes(24).toString('base64url')
    const at = new Date()
    await store.noteDownload(tx, {
      id: id(),
      packId: input.packId,
      thread: pack.thread,
      personId: actor.personId,
      at,
      ticketHash: createHash('sha256').update(ticket).digest(),
      until: new Date(at.getTime() + ticketLasts),
      label: pack.label,
    })
    return { path: `/packs/${ticket}`, size: pack.size, sha256: pack.fileHash }
  }),
]
