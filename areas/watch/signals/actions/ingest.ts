import { unavailable } from '#core/errors.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import { ingest, type Received } from '../contract.ts'
import { anchors } from '../store/receiving.ts'
import { judgeDelivery, takeIn } from './receive.ts'

export const actions: readonly Implementation[] = [
  implement(ingest, async ({ input, tx, actor, clock, id }) => {
    const believed = await anchors(tx)
    const files: Received[] = []
    for (const { name, content } of input.files) {
      const delivery = { name, bytes: Buffer.from(content, 'base64'), way: 'person' as const, sourceId: null, receipt: null }
      const judged = judgeDelivery(delivery, believed, clock.now())
      const received = await takeIn(delivery, judged, { tx, world: actor.world.kind, now: clock.now(), id })
      if (received === undefined) throw unavailable()
      files.push(received)
    }
    return { files }
  }),
]
