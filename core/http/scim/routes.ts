import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { hashOf, newKey } from '#core/access/key.ts'
import * as store from '#core/access/provisioning/store.ts'
import { realClock } from '#core/clock.ts'
import { ConcordError } from '#core/errors.ts'
import { id } from '#core/id.ts'
import type { Tx } from '#core/operation/implement.ts'
import { type Door, given } from '../door.ts'
import { enteringOf, ownAddress } from '../session.ts'
import {
  absent,
  groupOf,
  isId,
  listOf,
  membersIn,
  nameOf,
  patchUser,
  readFilter,
  readPage,
  readPatch,
  readUser,
  resourceTypes,
  schemas,
  ScimError,
  serviceProvider,
  userOf,
  type UserWords,
  wordsOfUser,
} from './wire.ts'

export const scimPath = '/scim/v2'
const MakeProvisioner = z.object({ name: z.string().trim().min(1).max(200), expiresAt: z.iso.datetime({ offset: true }) })
type Params = { id: string }

/** SCIM 2.0 (RFC 7643, 7644), the part that providers of identities use: people come, change and go; groups give them an agency. */
export async function scimRoutes(server: FastifyInstance, door: Door): Promise<void> {
  const { database, registry, config, limits } = door

  // No operation: its answer holds a key, and must not be kept.
  server.post('/api/sign-in/provisioner', async (request) => {
    const { name, expiresAt } = given(MakeProvisioner, request.body)
    const entering = enteringOf(request, config, 'access.makeProvisioner')
    await limits.count('code by session', entering.key)
    const key = newKey()
    const made = await database.change({
      entering,
      run: async ({ tx }) => ({ value: await store.makeProvisioner(tx, hashOf(key), name, expiresAt) }),
    })
    return { id: made, token: key }
  })

  await server.register(
    async (scope) => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser(['application/scim+json', 'application/json'], { parseAs: 'string' }, (_request, body, done) => {
        try {
          done(null, JSON.parse(String(body)))
        } catch {
          done(new ScimError(400, 'This is not JSON.', 'invalidSyntax'))
        }
      })
      scope.setErrorHandler(sendError)
      scope.setNotFoundHandler((_request, reply) => void sendError(absent(), _request, reply))
      scope.addHook('onRequest', async (_request, reply) => void reply.header('content-type', 'application/scim+json; charset=utf-8'))
      discoveryRoutes(scope)
      userRoutes(scope)
      groupRoutes(scope)
    },
    { prefix: scimPath },
  )

  /** Runs as the provider whose key this is. No cookie, no session and no other token is looked at. */
  async function asProvider<T>(request: FastifyRequest, operation: string, run: (tx: Tx, key: Buffer) => Promise<T>): Promise<T> {
    await limits.count('provisioning by address', request.ip)
    const [, key] = /^Bearer ([\w.~+/=-]{20,200})$/i.exec(request.headers.authorization ?? '') ?? []
    if (key === undefined) throw new ScimError(401, 'A token that was made for provisioning is needed.')
    try {
      return await database.desk(operation, (tx) => run(tx, hashOf(key)))
    } catch (error) {
      if (error instanceof ConcordError && error.kind === 'not-allowed')
        throw new ScimError(401, 'A token that was made for provisioning is needed.')
      throw error
    }
  }

  /** Tells the areas, in the same transaction: they give the person a place among their own. */
  async function tellAreas(tx: Tx, key: Buffer, people: readonly string[]): Promise<void> {
    for (const personId of people) {
      const actor = { personId, name: '', postId: null, agencyId: null, world: { id: '', kind: 'live' as const, name: '' }, reach: [] }
      for (const reaction of registry.reactions('access.personProvisioned'))
        await reaction.run({ personId, key } as never, { tx, actor, clock: realClock, id, emit: () => undefined })
    }
  }

  function discoveryRoutes(scope: FastifyInstance): void {
    const told = (path: string, what: (request: FastifyRequest) => object) =>
      scope.get(path, (request) =>
        asProvider(request, 'access.provisioning', async (tx, key) => store.provisionerOf(tx, key).then(() => what(request))),
      )
    told('/ServiceProviderConfig', () => serviceProvider)
    told('/ResourceTypes', () => listOf(resourceTypes, resourceTypes.length, 1))
    told('/Schemas', () => listOf(schemas, schemas.length, 1))
  }

  function userRoutes(scope: FastifyInstance): void {
    const base = (request: FastifyRequest) => `${ownAddress(request, config)}${scimPath}`
    const find = async (tx: Tx, key: Buffer, of: string) => {
      if (!isId(of)) {
        await store.provisionerOf(tx, key)
        throw absent()
      }
      const { users } = await store.users(tx, key, { field: 'id', value: of.toLowerCase() }, 0, 1)
      if (!users[0]) throw absent()
      return users[0]
    }
    const put = async (tx: Tx, key: Buffer, of: string, user: UserWords, isNew: boolean) => {
      const { userName, externalId, givenName, familyName, mail, language, active } = user
      const name = nameOf(user)
      const done = await store.putUser(tx, key, isNew, {
        id: of,
        userName,
        externalId,
        name,
        givenName,
        familyName,
        mail,
        language,
        active,
      })
      if (done === 'absent') throw absent()
      if (done === 'taken') throw new ScimError(409, 'This userName, externalId or mail address belongs to somebody already.', 'uniqueness')
      if (done === 'guarded')
        throw new ScimError(
          403,
          'The mail address of somebody who administers or operates the city is changed here by people.',
          'mutability',
        )
      await tellAreas(tx, key, [of])
      return find(tx, key, of)
    }

    scope.get('/Users', (request) =>
      asProvider(request, 'access.provisioning', async (tx, key) => {
        const query = request.query as Record<string, unknown>
        await store.provisionerOf(tx, key)
        const { start, count } = readPage(query)
        const asked = readFilter(query['filter'], ['id', 'username', 'externalid', 'mail'])
        const { users, total } = await store.users(tx, key, asked, start - 1, Math.max(count, 1))
        const known = users.length > 0 ? total : start === 1 ? 0 : (await store.users(tx, key, asked, 0, 1)).total
        return listOf(count === 0 ? [] : users.map((user) => userOf(user, base(request))), known, start)
      }),
    )
    scope.get<{ Params: Params }>('/Users/:id', (request) =>
      asProvider(request, 'access.provisioning', async (tx, key) => userOf(await find(tx, key, request.params.id), base(request))),
    )
    scope.post('/Users', async (request, reply) => {
      const made = await asProvider(request, 'access.provision', async (tx, key) => {
        await store.provisionerOf(tx, key)
        return userOf(await put(tx, key, id(), readUser(request.body), true), base(request))
      })
      return reply.code(201).header('location', made.meta.location).send(made)
    })
    scope.put<{ Params: Params }>('/Users/:id', (request) =>
      asProvider(request, 'access.provision', async (tx, key) => {
        const { id: of } = await find(tx, key, request.params.id)
        return userOf(await put(tx, key, of, readUser(request.body), false), base(request))
      }),
    )
    scope.patch<{ Params: Params }>('/Users/:id', (request) =>
      asProvider(request, 'access.provision', async (tx, key) => {
        const user = await find(tx, key, request.params.id)
        return userOf(await put(tx, key, user.id, patchUser(wordsOfUser(user), readPatch(request.body)), false), base(request))
      }),
    )
    scope.delete<{ Params: Params }>('/Users/:id', async (request, reply) => {
      await asProvider(request, 'access.provision', async (tx, key) => {
        const { id: of } = await find(tx, key, request.params.id)
        await store.removeUser(tx, key, of)
        await tellAreas(tx, key, [of])
      })
      return reply.code(204).send()
    })
  }

  function groupRoutes(scope: FastifyInstance): void {
    const base = (request: FastifyRequest) => `${ownAddress(request, config)}${scimPath}`
    const unmapped = () =>
      new ScimError(403, 'No group of this name has a meaning here. An administrator gives it one first (concord access map-group).')
    const find = async (tx: Tx, key: Buffer, of: string) => {
      const [group] = isId(of)
        ? await store.groups(tx, key, { field: 'id', value: of.toLowerCase() })
        : await store.provisionerOf(tx, key).then(() => [])
      if (!group) throw absent()
      return group
    }
    const members = async (tx: Tx, key: Buffer, group: string, people: readonly string[], mode: 'add' | 'remove' | 'set') => {
      const changed = await store.putMembers(tx, key, group, people, mode)
      if (changed === null) throw new ScimError(400, 'Some member is no user whom this provider opened.', 'invalidValue')
      await tellAreas(tx, key, changed)
    }
    const bodyOf = (request: FastifyRequest) => {
      const body = z.looseObject({ displayName: z.string().min(1).max(300), members: z.unknown().optional() }).safeParse(request.body)
      if (!body.success) throw new ScimError(400, 'A group has a displayName.', 'invalidValue')
      return body.data
    }

    scope.get('/Groups', (request) =>
      asProvider(request, 'access.provisioning', async (tx, key) => {
        const query = request.query as Record<string, unknown>
        await store.provisionerOf(tx, key)
        const { start, count } = readPage(query)
        const all = await store.groups(tx, key, readFilter(query['filter'], ['id', 'displayname']))
        const bare = String(query['excludedAttributes'] ?? '')
          .toLowerCase()
          .split(',')
          .includes('members')
        return listOf(
          all.slice(start - 1, start - 1 + count).map((group) => groupOf(group, base(request), !bare)),
          all.length,
          start,
        )
      }),
    )
    scope.get<{ Params: Params }>('/Groups/:id', (request) =>
      asProvider(request, 'access.provisioning', async (tx, key) => groupOf(await find(tx, key, request.params.id), base(request))),
    )
    // A group is not made here: it is found, by the name that an administrator has given a meaning.
    scope.post('/Groups', async (request, reply) => {
      const found = await asProvider(request, 'access.provision', async (tx, key) => {
        await store.provisionerOf(tx, key)
        const { displayName, members: said } = bodyOf(request)
        const [group] = await store.groups(tx, key, { field: 'displayname', value: displayName })
        if (!group) throw unmapped()
        if (said !== undefined) await members(tx, key, group.id, membersIn(said), 'add')
        return groupOf(await find(tx, key, group.id), base(request))
      })
      return reply.code(201).header('location', found.meta.location).send(found)
    })
    scope.put<{ Params: Params }>('/Groups/:id', (request) =>
      asProvider(request, 'access.provision', async (tx, key) => {
        const group = await find(tx, key, request.params.id)
        const { displayName, members: said } = bodyOf(request)
        if (displayName.toLowerCase() !== group.name.toLowerCase()) throw new ScimError(400, 'A group keeps its name here.', 'mutability')
        await members(tx, key, group.id, membersIn(said), 'set')
        return groupOf(await find(tx, key, group.id), base(request))
      }),
    )
    scope.patch<{ Params: Params }>('/Groups/:id', async (request, reply) => {
      await asProvider(request, 'access.provision', async (tx, key) => {
        const group = await find(tx, key, request.params.id)
        for (const { op, path, value } of readPatch(request.body)) {
          const [, one] = /^members\[value eq "([^"]*)"\]$/i.exec(path ?? '') ?? []
          if (one !== undefined && op === 'remove') await members(tx, key, group.id, membersIn(one), 'remove')
          else if (/^members$/i.test(path ?? '')) {
            const all = op === 'remove' && value === undefined
            await members(tx, key, group.id, membersIn(value), all ? 'set' : op === 'replace' ? 'set' : op)
          } else if (path === null || /^(displayName|externalId)$/i.test(path)) await whole(tx, key, group, path, op, value)
          else throw new ScimError(400, 'Of a group, members can be changed.', 'invalidPath')
        }
      })
      return reply.code(204).send()
    })
    scope.delete<{ Params: Params }>('/Groups/:id', async (request, reply) => {
      await asProvider(request, 'access.provision', async (tx, key) => {
        const group = await find(tx, key, request.params.id)
        await members(tx, key, group.id, [], 'set')
      })
      return reply.code(204).send()
    })

    async function whole(
      tx: Tx,
      key: Buffer,
      group: store.ProvisionedGroup,
      path: string | null,
      op: 'add' | 'remove' | 'replace',
      value: unknown,
    ) {
      const said = path === null ? value : { [path]: value }
      const words = z.looseObject({ displayName: z.string().optional(), members: z.unknown().optional() }).safeParse(said)
      if (!words.success) throw new ScimError(400, 'Without a path, the value is an object.', 'invalidSyntax')
      if (words.data.displayName !== undefined && words.data.displayName.toLowerCase() !== group.name.toLowerCase())
        throw new ScimError(400, 'A group keeps its name here.', 'mutability')
      if (words.data.members !== undefined && op !== 'remove')
        await members(tx, key, group.id, membersIn(words.data.members), op === 'replace' ? 'set' : 'add')
    }
  }
}

/** Every refusal in SCIM's form; what failed inside is logged by its kind, and never told. */
function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const said = error instanceof ScimError ? error : asScim(error)
  if (said.status >= 500) request.log.error({ kind: error instanceof Error ? error.name : 'unknown' }, 'provisioning failed')
  if (said.status === 401) void reply.header('www-authenticate', 'Bearer realm="scim"')
  if (error instanceof ConcordError && error.retryAfter !== undefined) void reply.header('retry-after', String(error.retryAfter))
  return reply.code(said.status).header('content-type', 'application/scim+json; charset=utf-8').send(said.body())
}

function asScim(error: unknown): ScimError {
  if (error instanceof ConcordError) {
    if (error.kind === 'limit') return new ScimError(429, 'Too many calls. Wait, and send it again.')
    if (error.kind === 'unavailable') return new ScimError(503, 'This cannot be done just now. Send it again in a moment.')
    if (error.kind === 'conflict') return new ScimError(409, 'Somebody has this already.', 'uniqueness')
    if (error.kind === 'invalid') return new ScimError(400, 'This value cannot be kept.', 'invalidValue')
    if (error.kind === 'not-found') return absent()
  }
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500
  return status === 413 || status === 415 || status === 400
    ? new ScimError(status, 'This body cannot be read.', status === 400 ? 'invalidSyntax' : undefined)
    : new ScimError(500, 'This could not be done. Nothing was changed.')
}
