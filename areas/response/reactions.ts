import { type Reaction, react } from '#core/operation/implement.ts'
import { Activated, type CallOutAccepted } from './contract.ts'
import { startIncident } from './incidents/actions.ts'
import { admitAccepted, byActivation } from './incidents/store.ts'

/** What happens here when the watch has activated, and when somebody has accepted a call-out. */
export const reactions: readonly Reaction[] = [
  react<unknown>('watch.activated', async (payload, doing) => {
    const { activationId, level, incidentType, jurisdiction, name, groups, posts } = Activated.parse(payload)
    // At the lowest level nobody is convened: there is nothing to co-ordinate yet.
    if (groups.length === 0 && posts.length === 0) return
    if (await byActivation(doing.tx, activationId)) return
    await startIncident(doing, {
      name: name ?? incidentType,
      incidentType,
      jurisdiction,
      activationId,
      groups,
      posts,
      status: level === 'standby' ? 'standby' : 'potential',
    })
  }),
  react<CallOutAccepted>('watch.callOutAccepted', async ({ activationId, postId, personId, at }, { tx, clock, id }) => {
    await admitAccepted(tx, { activationId, postId, personId, at: at === undefined ? clock.now() : new Date(at), entryId: id() })
  }),
]
