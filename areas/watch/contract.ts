/** Door 1 of the watch: what it tells higher areas, and in which words. Ids are UUIDs, times ISO 8601 in world time. */

/** `watch.activated`, in the watch officer's own transaction. */
export interface Activated {
  activationId: string
  /** Code and name of the level. */
  level: string
  levelName: string
  incidentType: string
  jurisdiction: string
  /** What the incident is to be called, when the watch officer said so. */
  name?: string
  signalId: string | null
  /** Groups convened and posts called. */
  groups: string[]
  posts: string[]
  activatedBy: string
  at: string
}

/** `watch.stoodDown`, in the transaction of whoever stood it down. */
export interface StoodDown {
  activationId: string
  at: string
  reason: string
}

/**
 * `watch.callOutAccepted`, by a timed duty (role concord_jobs, no person) a moment after the answer; told again only when the telling itself failed.
 * `first`: this acceptance filled the post. Test call-outs are told to nobody.
 */
export interface CallOutAccepted {
  activationId: string
  callOutId: string
  postId: string
  agencyId: string
  personId: string
  capacity: 'holder' | 'deputy' | 'executive'
  at: string
  first: boolean
}
