import { cityCode } from '#core/access/found.ts'
import type { Tx } from '#core/operation/implement.ts'
import { type VerifyReport, verifyRecord } from '../tree/verify.ts'
import * as store from './store.ts'

/**
 * Works the whole ledger out again, under the keys that the record itself names: a stranger brings keys of their own (core/record/verifier). The database
 * checks content against its hash, so that content never leaves it for this; everything else is worked out here. `beside`: a second transaction of the same role, which makes it faster.
 */
export const workOut = async (tx: Tx, by: store.Verifying, beside?: Tx): Promise<VerifyReport> =>
  verifyRecord({
    origin: await cityCode(tx),
    keys: await store.publicKeys(tx),
    heads: await store.heads(tx),
    rows: store.ledgerPages(tx, by, beside),
  })
