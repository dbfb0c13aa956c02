import { type Reaction, react } from '#core/operation/implement.ts'
import { provisionPerson } from './directory/store/provisioned.ts'

/** Whoever an identity provider has opened, changed or closed gets their place among the people of their agency, or loses their reach. */
export const reactions: readonly Reaction[] = [
  react<{ personId: string; key: Buffer }>('access.personProvisioned', ({ personId, key }, { tx }) => provisionPerson(tx, key, personId)),
]
