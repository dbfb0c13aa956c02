import { z } from 'zod'
import { Id, When } from '#areas/structure/contract.ts'
import { command, query } from '#core/operation/operation.ts'

/** `http`: posted to /ingest/<code> with the source's token. `folder`: laid in <data>/inbox/<code>. `feed`: an Atom or RSS address that is asked. */
export const sourceKinds = ['http', 'folder', 'feed'] as const
export const SourceKind = z.enum(sourceKinds)
export type SourceKind = z.infer<typeof SourceKind>

export const SourceLine = z.object({
  id: Id,
  code: z.string(),
  name: z.string(),
  /** Whose it is, in words; shown beside every age. */
  owner: z.string(),
  kind: SourceKind,
  address: z.string().nullable(),
  everySeconds: z.int(),
  lostAfter: z.int(),
  /** When something last came; when it last answered; when it was last asked. Nothing yet is null, and is shown as that. */
  receivedAt: When.nullable(),
  answeredAt: When.nullable(),
  triedAt: When.nullable(),
  failures: z.int(),
  failure: z.string().nullable(),
  /** Since when it counts as lost; null: it is not known to be lost, which is not the same as being well. */
  lostAt: When.nullable(),
  retiredAt: When.nullable(),
})
export type SourceLine = z.infer<typeof SourceLine>

export const Anchor = z.object({ id: Id, name: z.string(), fingerprint: z.string(), addedAt: When, retiredAt: When.nullable() })
export type Anchor = z.infer<typeof Anchor>

const Code = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'Small letters, digits and hyphens, at most forty.')
const Name = z.string().trim().min(1).max(120)

export const sources = query('watch.sources', {
  who: ['watch-officer', 'administrator'],
  summary: 'How messages come to this city, how old the last of each is, and which signatures are believed.',
  input: z.object({}),
  output: z.object({ sources: z.array(SourceLine), anchors: z.array(Anchor), at: When, can: z.object({ change: z.boolean() }) }),
})

export const addSource = command('watch.addSource', {
  who: ['administrator'],
  summary: 'Add a way for messages to come. The token of a posting source is shown once, and only here.',
  input: z
    .object({
      code: Code,
      name: Name,
      owner: z.string().trim().max(120).default(''),
      kind: SourceKind,
      /** http or https; only for a feed. */
      address: z
        .url({ protocol: /^https?$/ })
        .max(2000)
        .nullable()
        .default(null),
      everySeconds: z.int().min(5).max(86_400).default(60),
      lostAfter: z.int().min(1).max(100).default(3),
    })
    .refine((input) => (input.kind === 'feed') === (input.address !== null), {
      path: ['address'],
      message: 'A feed has an address; nothing else has one.',
    }),
  output: z.object({
    id: Id,
    code: z.string(),
    /** Keep it now: only its hash is stored. */
    token: z.string().nullable(),
    /** Where to post, or the folder to lay files in. */
    where: z.string().nullable(),
  }),
})

export const renewSourceToken = command('watch.renewSourceToken', {
  who: ['administrator'],
  summary: 'Give a posting source a new token; the old one is worth nothing from now on.',
  input: z.object({ sourceId: Id }),
  output: z.object({ token: z.string() }),
})

export const retireSource = command('watch.retireSource', {
  who: ['administrator'],
  summary: 'Retire a source: nothing more is taken from it. What came stays.',
  input: z.object({ sourceId: Id }),
  output: z.object({ id: Id, retiredAt: When }),
})

export const addAnchor = command('watch.addAnchor', {
  who: ['administrator'],
  summary: 'Believe signatures that lead to this certificate.',
  input: z.object({ name: Name, pem: z.string().max(100_000).includes('BEGIN CERTIFICATE', 'Paste the certificate as PEM text.') }),
  output: z.object({ id: Id, fingerprint: z.string() }),
})

export const retireAnchor = command('watch.retireAnchor', {
  who: ['administrator'],
  summary: 'Stop believing signatures that lead to this certificate. What was judged before stays as it was judged.',
  input: z.object({ anchorId: Id }),
  output: z.object({ id: Id, retiredAt: When }),
})
