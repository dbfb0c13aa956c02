import { cityCode } from '#core/access/found.ts'
import type { Tx } from '#core/operation/implement.ts'
import { type VerifyReport, verifyRecord } from '../tree/verify.ts'
import * as store from './store.ts'

/**
 * Works the whole ledger out again, under the keys that the record itself names: a stranger brings keys of their own (core/record/verifier). The database
 * checks content against its hash, so that content never leaves it for this; everything else is worked out here.
 */
export async function workOut(tx: Tx, by: store.Verifying): Promise<VerifyReport> {
  const unsound: number[] = []
  let stubs = 0
  const report = await verifyRecord({
    origin: await cityCode(tx),
    keys: await store.publicKeys(tx),
    heads: await store.heads(tx),
    rows: store.verifyRows(
      tx,
      by,
      (position) => void unsound.push(position),
      () => (stubs += 1),
    ),
  })
  const problems = [
    ...unsound.map((position) => ({ position, what: 'the content does not fit its hash: it was changed' })),
    ...report.problems,
  ].slice(0, 100)
  return {
    ...report,
    // The content stays in the database, so that to the tree every entry looks like a stub.
    stubs,
    ok: report.ok && unsound.length === 0,
    problemCount: report.problemCount + unsound.length,
    problems,
  }
}
