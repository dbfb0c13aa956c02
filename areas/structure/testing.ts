import { liveWorld, type TestCity, type TestPerson } from '#core/db/testing.ts'
import { id } from '#core/id.ts'
import type { PostKind } from '#core/operation/operation.ts'

export interface TestHolder extends TestPerson {
  postId: string
  agencyId: string
}

/** Puts agencies, posts and their holders into a test city, as an administrator would; everybody holds `city:test`. */
export function structureFor(city: TestCity) {
  const label = "access.intern('[[\"city:test\"]]', 'TLP:GREEN')"
  return {
    async agency(name: string): Promise<string> {
      const agencyId = id()
      await city.owner.query(
        `insert into structure.agencies (id, org_type, org_code, name, label, world) values ($1, 'test', $2, $3, ${label}, $4)`,
        [agencyId, `${name}-${agencyId}`, name, liveWorld],
      )
      return agencyId
    },
    async holder(name: string, agencyId: string, kind: PostKind, tokens: readonly string[] = []): Promise<TestHolder> {
      const postId = id()
      const person = await city.person(name, ['city:test', `agency:${agencyId}`, `post:${postId}`, `kind:${kind}`, ...tokens])
      await city.owner.query(
        `insert into structure.posts (id, code, agency_id, kind, title, label, world) values ($1, $2, $3, $4, $5, ${label}, $6)`,
        [postId, postId, agencyId, kind, `${kind} (${name})`, liveWorld],
      )
      await city.owner.query(
        `insert into structure.people (id, code, name, agency_id, label, world) values ($1, $2, $3, $4, ${label}, $5)`,
        [person.personId, person.personId, name, agencyId, liveWorld],
      )
      await city.owner.query(
        `insert into structure.holdings (id, post_id, person_id, capacity, from_at, label, world) values ($1, $2, $3, 'holder', '2020-01-01T00:00Z', ${label}, $4)`,
        [id(), postId, person.personId, liveWorld],
      )
      await city.owner.query('update access.session set post = $1 where person = $2', [postId, person.personId])
      return { ...person, postId, agencyId }
    },
  }
}
