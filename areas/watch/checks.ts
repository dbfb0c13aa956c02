import type { Acceptances, Check, CheckLine } from '#core/operation/implement.ts'
import * as store from './call-out/store/measured.ts'

/** A test call-out is worth this long. */
const testDays = 90

/** Has a call-out been tried lately, and did everybody who was called accept? For those who may know. */
const calledLately: Check = {
  async run(tx, { at }) {
    const last = await store.lastTest(tx)
    if (last === undefined) return [{ code: 'neverTested', state: 'fail' }]
    const { accepted, called } = last
    const fresh = at.getTime() - new Date(last.at).getTime() <= testDays * 86_400_000
    const lines: CheckLine[] = [
      { code: fresh ? 'tested' : 'testOld', state: fresh ? 'pass' : 'fail', params: { at: last.at } },
      { code: 'testAccepted', state: accepted === called ? 'pass' : 'fail', params: { accepted, called } },
    ]
    return lines
  },
}

export const checks: readonly Check[] = [calledLately]

/** How long posts took to accept, in the call-outs of two years, in all worlds. Nothing for those who may not know. */
export const acceptances: Acceptances = store.acceptances
