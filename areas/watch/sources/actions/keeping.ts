import { createHash, randomBytes } from 'node:crypto'
import { holdsAny, internLabel } from '#core/access/reach.ts'
import { invalid } from '#core/errors.ts'
import { type Implementation, implement, type Tx } from '#core/operation/implement.ts'
import { anchorsFrom } from '#core/xml/certificates.ts'
import { addAnchor, addSource, renewSourceToken, retireAnchor, retireSource, sources } from '../contract.ts'
import * as store from '../store/keeping.ts'

/** Who keeps the ways by which messages come: administrators, and the desk that lives by them. What comes is another label. */
const keepers = (tx: Tx) => internLabel(tx, { clauses: [['kind:administrator', 'kind:watch-officer']], marking: 'OFFICIAL-SENSITIVE' })

/** 256 bits of chance; only its hash is stored. */
function newToken(): { token: string; tokenHash: Buffer } {
  const token = randomBytes(32).toString('base64url')
  return { token, tokenHash: createHash('sha256').update(token).digest() }
}

function fingerprintOf(pem: string): string {
  try {
    return anchorsFrom([pem])
      .map((certificate) => certificate.fingerprint256)
      .join(' ')
  } catch {
    throw invalid('pem', 'This certificate cannot be read. Nothing was changed. Paste the whole PEM text, from BEGIN to END.')
  }
}

export const actions: readonly Implementation[] = [
  implement(sources, async ({ tx, clock }) => {
    const change = await holdsAny(tx, ['kind:administrator'])
    return {
      sources: await store.list(tx, change),
      anchors: await store.anchors(tx, change),
      at: clock.now().toISOString(),
      can: { change },
    }
  }),
  implement(addSource, async ({ input, tx, actor, clock, id, emit }) => {
    const sourceId = id()
    const { token, tokenHash } = input.kind === 'http' ? newToken() : { token: null, tokenHash: null }
    await store.add(tx, { ...input, id: sourceId, tokenHash, addedBy: actor.personId, addedAt: clock.now(), label: await keepers(tx) })
    emit('watch.sourceAdded', { sourceId })
    const where = input.kind === 'http' ? `/ingest/${input.code}` : input.kind === 'folder' ? `inbox/${input.code}` : input.address
    return { id: sourceId, code: input.code, token, where }
  }),
  implement(renewSourceToken, async ({ input, tx }) => {
    const { token, tokenHash } = newToken()
    await store.renewToken(tx, input.sourceId, tokenHash)
    return { token }
  }),
  implement(retireSource, ({ input, tx, actor, clock }) => store.retire(tx, input.sourceId, actor.personId, clock.now())),
  implement(addAnchor, async ({ input, tx, actor, clock, id }) => {
    const anchor = {
      ...input,
      id: id(),
      fingerprint: fingerprintOf(input.pem),
      addedBy: actor.personId,
      addedAt: clock.now(),
      label: await keepers(tx),
    }
    await store.addAnchor(tx, anchor)
    return { id: anchor.id, fingerprint: anchor.fingerprint }
  }),
  implement(retireAnchor, ({ input, tx, actor, clock }) => store.retireAnchor(tx, input.anchorId, actor.personId, clock.now())),
]
