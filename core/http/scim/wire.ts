import type { Asked, ProvisionedGroup, ProvisionedUser } from '#core/access/provisioning/store.ts'

export const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const message = (name: string) => `urn:ietf:params:scim:api:messages:2.0:${name}`

/** A refusal in SCIM's own form (RFC 7644, 3.12). */
export class ScimError extends Error {
  readonly status: number
  readonly scimType: string | undefined
  constructor(status: number, detail: string, scimType?: string) {
    super(detail)
    this.status = status
    this.scimType = scimType
  }
  body() {
    return {
      schemas: [message('Error')],
      status: String(this.status),
      ...(this.scimType === undefined ? {} : { scimType: this.scimType }),
      detail: this.message,
    }
  }
}
export const absent = () => new ScimError(404, 'There is no such resource.')

/** What a provider says of a user, as far as it is kept here. */
export interface UserWords {
  userName: string
  externalId: string | null
  displayName: string | null
  formatted: string | null
  givenName: string | null
  familyName: string | null
  mail: string | null
  language: string
  active: boolean
}

type Json = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
/** Attribute names are read without regard to case (RFC 7643, 2.1). */
const attribute = (json: Json, name: string): unknown => Object.entries(json).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]

const invalidValue = (detail: string) => new ScimError(400, detail, 'invalidValue')
function words(value: unknown, name: string, most = 300): string | null {
  if (value === undefined || value === null || value === '') return null
  if (typeof value !== 'string' || value.length > most || /[\p{Cc}\uFFFD]/u.test(value))
    throw invalidValue(`${name} is not text of at most ${most} characters.`)
  return value.trim() || null
}
/** Some providers write truth as text. */
function truth(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true'
  throw invalidValue('active is true or false.')
}

function mailOf(value: unknown): string | null {
  const list = (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]).map((entry) =>
    isObject(entry) ? entry : { value: entry },
  )
  const chosen = list.find((entry) => attribute(entry, 'primary') === true) ?? list[0]
  const mail = chosen === undefined ? null : words(attribute(chosen, 'value'), 'emails.value')
  if (mail !== null && !/^[^\s@]+@[^\s@]+$/.test(mail)) throw invalidValue('emails.value is a mail address.')
  return mail
}

const languageOf = (value: unknown): string => /^[a-z]{2,3}/i.exec(words(value, 'preferredLanguage') ?? 'en')?.[0].toLowerCase() ?? 'en'

const none: Omit<UserWords, 'userName'> = {
  externalId: null,
  displayName: null,
  formatted: null,
  givenName: null,
  familyName: null,
  mail: null,
  language: 'en',
  active: true,
}

/** Sets one attribute; what is not kept here (titles, telephones, addresses, other schemas) is let be. Errors: invalidPath, invalidValue. */
function set(user: UserWords, path: string, value: unknown): UserWords {
  const name = path.replace(/^urn:ietf:params:scim:schemas:core:2\.0:User:/i, '')
  if (/^urn:/i.test(name)) return user
  switch (name.toLowerCase()) {
    case 'username': {
      const userName = words(value, 'userName')
      if (userName === null) throw invalidValue('userName must not be empty.')
      return { ...user, userName }
    }
    case 'externalid':
      return { ...user, externalId: words(value, 'externalId') }
    case 'displayname':
      return { ...user, displayName: words(value, 'displayName') }
    case 'active':
      return { ...user, active: truth(value) }
    case 'preferredlanguage':
    case 'locale':
      return { ...user, language: languageOf(value) }
    case 'name':
      if (!isObject(value)) throw invalidValue('name is an object.')
      return Object.entries(value).reduce((so, [part, of]) => set(so, `name.${part}`, of), user)
    case 'name.givenname':
      return { ...user, givenName: words(value, 'name.givenName') }
    case 'name.familyname':
      return { ...user, familyName: words(value, 'name.familyName') }
    case 'name.formatted':
      return { ...user, formatted: words(value, 'name.formatted') }
    case 'emails':
      return { ...user, mail: mailOf(value) }
  }
  if (/^emails\[[^\]]*\](\.value)?$/i.test(name) || /^emails\.value$/i.test(name)) return { ...user, mail: mailOf(value) }
  const root = /^[A-Za-z][\w-]*/.exec(name)?.[0]?.toLowerCase() ?? ''
  if (letBe.has(root)) return user
  throw new ScimError(400, `${path.slice(0, 100)} is no attribute that is known here.`, 'invalidPath')
}
const letBe = new Set([
  'schemas', 'id', 'meta', 'groups', 'title', 'nickname', 'profileurl', 'usertype', 'timezone', 'password', 'phonenumbers', 'ims', 'photos', 'addresses',
  'entitlements', 'roles', 'x509certificates', 'name',
]) // biome-ignore format: a list to read across

/** A whole user, as POST and PUT give one: what is not in it is not so. Errors: invalidSyntax, invalidValue. */
export function readUser(body: unknown): UserWords {
  if (!isObject(body)) throw new ScimError(400, 'A user is a JSON object.', 'invalidSyntax')
  if (words(attribute(body, 'userName'), 'userName') === null) throw invalidValue('userName must not be empty.')
  return Object.entries(body).reduce<UserWords>(
    // What is not kept is let be here: a whole user may hold anything.
    (user, [name, value]) => {
      try {
        return set(user, name, value)
      } catch (error) {
        if (error instanceof ScimError && error.scimType === 'invalidPath') return user
        throw error
      }
    },
    { ...none, userName: '' },
  )
}

export interface Operation {
  op: 'add' | 'remove' | 'replace'
  path: string | null
  value: unknown
}
/** Errors: invalidSyntax. */
export function readPatch(body: unknown): Operation[] {
  const list = isObject(body) ? attribute(body, 'Operations') : undefined
  if (!Array.isArray(list) || list.length === 0 || list.length > 1000)
    throw new ScimError(400, 'A PATCH has 1 to 1000 Operations.', 'invalidSyntax')
  return list.map((entry): Operation => {
    const op = isObject(entry) ? String(attribute(entry, 'op')).toLowerCase() : ''
    if (!isObject(entry) || (op !== 'add' && op !== 'remove' && op !== 'replace'))
      throw new ScimError(400, 'An operation is add, remove or replace.', 'invalidSyntax')
    const path = attribute(entry, 'path')
    if (path !== undefined && typeof path !== 'string') throw new ScimError(400, 'A path is text.', 'invalidPath')
    if (op === 'remove' && !path) throw new ScimError(400, 'To remove something, name its path.', 'noTarget')
    return { op, path: path || null, value: attribute(entry, 'value') }
  })
}

/** A user after these operations. Errors: invalidPath, invalidValue. */
export const patchUser = (user: UserWords, operations: readonly Operation[]): UserWords =>
  operations.reduce((so, { op, path, value }) => {
    if (op === 'remove') {
      if (/^(userName|active)$/i.test(path!)) throw new ScimError(400, `${path} cannot be removed.`, 'mutability')
      return set(so, path!, undefined)
    }
    if (path !== null) return set(so, path, value)
    if (!isObject(value)) throw new ScimError(400, 'Without a path, the value is an object.', 'invalidSyntax')
    return Object.entries(value).reduce((still, [name, of]) => set(still, name, of), so)
  }, user)

/** Members that an operation on a group names. Errors: invalidValue. */
export function membersIn(value: unknown): string[] {
  const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
  return list.map((entry) => {
    const id = isObject(entry) ? attribute(entry, 'value') : entry
    if (typeof id !== 'string' || !isId(id)) throw invalidValue('A member is the id of a user.')
    return id
  })
}
export const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

const fields: Record<string, Asked['field']> = {
  id: 'id',
  username: 'username',
  externalid: 'externalid',
  displayname: 'displayname',
  emails: 'mail',
  'emails.value': 'mail',
}

/** `userName eq "…"` and the few others that providers ask. The value stays a value all the way. Errors: invalidFilter. */
export function readFilter(filter: unknown, allowed: readonly Asked['field'][]): Asked {
  if (filter === undefined || filter === '') return { field: 'all', value: '' }
  const [, name = '', quoted = ''] =
    /^\s*([A-Za-z.]+(?:\[type eq "work"\]\.value)?)\s+eq\s+("(?:[^"\\]|\\.)*")\s*$/i.exec(String(filter)) ?? []
  const field = fields[name.toLowerCase().replace('[type eq "work"]', '')]
  try {
    if (field !== undefined && allowed.includes(field)) return { field, value: String(JSON.parse(quoted)).replaceAll('\u0000', '') }
  } catch {
    /* Not a text of JSON: refused below. */
  }
  throw new ScimError(
    400,
    'This filter is not known here. Known: userName, externalId, displayName, emails or id, with eq and a text.',
    'invalidFilter',
  )
}

/** RFC 7644, 3.4.2.4: startIndex counts from 1; what is below is 1, a negative count is 0. */
export function readPage(query: Json): { start: number; count: number } {
  const whole = (value: unknown, otherwise: number) => {
    if (value === undefined) return otherwise
    const number = Number(value)
    if (!Number.isInteger(number)) throw invalidValue('startIndex and count are whole numbers.')
    return number
  }
  return {
    start: Math.min(Math.max(whole(query['startIndex'], 1), 1), 1_000_000),
    count: Math.min(Math.max(whole(query['count'], 100), 0), 200),
  }
}

export const listOf = (resources: readonly object[], total: number, start: number) => ({
  schemas: [message('ListResponse')],
  totalResults: total,
  startIndex: start,
  itemsPerPage: resources.length,
  Resources: resources,
})

const iso = (moment: string) => new Date(moment).toISOString()

export const userOf = (user: ProvisionedUser, base: string) => ({
  schemas: [userSchema],
  id: user.id,
  ...(user.externalId === null ? {} : { externalId: user.externalId }),
  userName: user.userName,
  displayName: user.name,
  name: {
    formatted: user.name,
    ...(user.givenName === null ? {} : { givenName: user.givenName }),
    ...(user.familyName === null ? {} : { familyName: user.familyName }),
  },
  ...(user.mail === null ? {} : { emails: [{ value: user.mail, type: 'work', primary: true }] }),
  preferredLanguage: user.language,
  active: user.active,
  meta: { resourceType: 'User', created: iso(user.madeAt), lastModified: iso(user.changedAt), location: `${base}/Users/${user.id}` },
})

export const groupOf = (group: ProvisionedGroup, base: string, withMembers = true) => ({
  schemas: [groupSchema],
  id: group.id,
  displayName: group.name,
  ...(withMembers ? { members: group.members.map((member) => ({ ...member, type: 'User', $ref: `${base}/Users/${member.value}` })) } : {}),
  meta: { resourceType: 'Group', location: `${base}/Groups/${group.id}` },
})

export const wordsOfUser = (user: ProvisionedUser): UserWords => ({
  userName: user.userName,
  externalId: user.externalId,
  displayName: user.name,
  formatted: null,
  givenName: user.givenName,
  familyName: user.familyName,
  mail: user.mail,
  language: user.language,
  active: user.active,
})

/** What a person is called: as the provider shows them, or by the parts of their name, or by their user name. */
export const nameOf = ({ displayName, formatted, givenName, familyName, userName }: UserWords): string =>
  displayName ?? formatted ?? ([givenName, familyName].filter(Boolean).join(' ') || userName)

export const serviceProvider = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: 200 },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [
    { type: 'oauthbearertoken', name: 'Bearer token', description: 'A token that an administrator made for this provider.' },
  ],
}

export const resourceTypes = [
  { schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'], id: 'User', name: 'User', endpoint: '/Users', schema: userSchema },
  { schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'], id: 'Group', name: 'Group', endpoint: '/Groups', schema: groupSchema },
]

const described = (name: string, type: 'string' | 'boolean' | 'complex', more: object = {}) => ({
  name,
  type,
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  ...more,
})
export const schemas = [
  {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    id: userSchema,
    name: 'User',
    attributes: [
      described('userName', 'string', { required: true, uniqueness: 'server' }),
      described('displayName', 'string'),
      described('name', 'complex', { subAttributes: ['formatted', 'givenName', 'familyName'].map((name) => described(name, 'string')) }),
      described('emails', 'complex', { multiValued: true, subAttributes: [described('value', 'string', { uniqueness: 'server' })] }),
      described('preferredLanguage', 'string'),
      described('active', 'boolean'),
    ],
  },
  {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    id: groupSchema,
    name: 'Group',
    attributes: [
      described('displayName', 'string', { required: true, mutability: 'immutable' }),
      described('members', 'complex', { multiValued: true, subAttributes: [described('value', 'string', { mutability: 'immutable' })] }),
    ],
  },
]
