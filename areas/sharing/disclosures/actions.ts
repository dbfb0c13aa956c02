import { type Implementation, implement } from '#core/operation/implement.ts'
import { byId } from '../items/store.ts'
import * as words from './contract.ts'
import * as store from './store.ts'

const pageSize = 200

export const actions: readonly Implementation[] = [
  implement(words.disclosureLog, async ({ input: { itemId, at = null }, tx }) => {
    const row = await byId(tx, itemId)
    const sent = await store.sentOf(tx, itemId, at)
    const told = Map.groupBy(
      await store.acknowledgedOf(
        tx,
        'sharing.disclosures',
        sent.map(({ id }) => id),
        at,
      ),
      ({ rowId }) => rowId,
    )
    const looked = (some: readonly store.LookedRow[]) => some.map(({ id, by, agency, at: when }) => ({ id, by, agency, at: when }))
    return {
      title: row.title,
      marking: row.marking,
      label: row.label,
      sent: sent.map((one) => ({
        id: one.id,
        deed: one.deed,
        agency: one.agency,
        at: one.at,
        by: one.by,
        marking: one.marking,
        protocol: one.protocol,
        channel: one.channel,
        because: one.because,
        acknowledged: (told.get(one.id) ?? []).map(({ by, at: when }) => ({ by, at: when })),
      })),
      opened: looked(await store.openedOf(tx, itemId, at)),
      acknowledged: looked(await store.acknowledgedOf(tx, 'sharing.items', [itemId], at)),
    }
  }),
  implement(words.disclosures, async ({ input: { direction = null, before = null }, tx, actor }) => {
    const agencyIds = actor.reach.flatMap((token) => (token.startsWith('agency:') ? [token.slice('agency:'.length)] : []))
    const found = await store.ofAgencies(tx, { agencyIds, direction, before, limit: pageSize + 1 })
    const shown = found.slice(0, pageSize)
    return {
      rows: shown.map((row) => ({
        id: row.id,
        itemId: row.itemId,
        deed: row.deed,
        from: row.originator,
        to: row.agency,
        given: agencyIds.includes(row.originatorAgencyId),
        kind: row.kind,
        at: row.at,
        marking: row.marking,
        label: row.label,
        protocol: row.protocol,
        open: row.open,
      })),
      older: found.length > pageSize ? (shown.at(-1)?.at ?? null) : null,
    }
  }),
]
