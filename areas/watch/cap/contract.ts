import { z } from 'zod'

/** Words and shapes of judged CAP messages (OASIS CAP 1.1 and 1.2). Pure: safe for the page. */

export const capOutcomes = ['accepted', 'quarantined', 'refused'] as const
export const CapOutcome = z.enum(capOutcomes)
export type CapOutcome = z.infer<typeof CapOutcome>

export const CapSignature = z.enum(['absent', 'present', 'verified', 'failed'])
export type CapSignature = z.infer<typeof CapSignature>

/** `live`: CAP Actual. `not-actual`: the desk's tray for Exercise, Test, System and Draft; never activates, may be assigned to an exercise. */
export const CapRoute = z.enum(['live', 'not-actual'])
export type CapRoute = z.infer<typeof CapRoute>

/** What the dry run prints of one alert. Counts are elements as the message has them, empty ones too; absent values are null. */
export const AlertVerdict = z.object({
  identifier: z.string().nullable(),
  sender: z.string().nullable(),
  sent: z.string().nullable(),
  status: z.string().nullable(),
  msgType: z.string().nullable(),
  scope: z.string().nullable(),
  outcome: CapOutcome,
  /** One per info, in order; an info without a language is en-US (CAP 1.2 §3.2.2). */
  languages: z.array(z.string()),
  infos: z.int().nonnegative(),
  areas: z.int().nonnegative(),
  polygons: z.int().nonnegative(),
  circles: z.int().nonnegative(),
  geocodes: z.int().nonnegative(),
  resources: z.int().nonnegative(),
  signature: CapSignature,
  /** The parts of `references` between white space, as written. */
  references: z.array(z.string()),
  referenceFlags: z.array(z.string()),
  geometryFlags: z.array(z.string()),
  errors: z.array(z.string()),
})
export type AlertVerdict = z.infer<typeof AlertVerdict>

export const FileVerdict = z.object({
  file: z.string(),
  outcome: CapOutcome,
  reasons: z.array(z.string()),
  alerts: z.array(AlertVerdict),
})
export type FileVerdict = z.infer<typeof FileVerdict>

const text = z.string().nullable()
const pair = z.object({ valueName: z.string(), value: z.string() })

/** `points` are [latitude, longitude] in degrees, WGS 84; null when the text cannot be drawn. `flags` as in geometryFlags. */
export const CapPolygon = z.object({
  text: z.string(),
  points: z.array(z.tuple([z.number(), z.number()])).nullable(),
  flags: z.array(z.string()),
})
export type CapPolygon = z.infer<typeof CapPolygon>

/** `radius` in kilometres. */
export const CapCircle = z.object({
  text: z.string(),
  centre: z.tuple([z.number(), z.number()]).nullable(),
  radius: z.number().nullable(),
  flags: z.array(z.string()),
})
export type CapCircle = z.infer<typeof CapCircle>

export const CapArea = z.object({
  areaDesc: text,
  polygons: z.array(CapPolygon),
  circles: z.array(CapCircle),
  geocodes: z.array(pair),
  /** Feet above mean sea level, as written. */
  altitude: text,
  ceiling: text,
})
export type CapArea = z.infer<typeof CapArea>

export const CapResource = z.object({
  resourceDesc: text,
  mimeType: text,
  size: text,
  uri: text,
  digest: text,
  hasEmbeddedContent: z.boolean(),
})

export const CapInfo = z.object({
  language: z.string(),
  categories: z.array(z.string()),
  event: text,
  responseTypes: z.array(z.string()),
  urgency: text,
  severity: text,
  certainty: text,
  audience: text,
  eventCodes: z.array(pair),
  effective: text,
  onset: text,
  expires: text,
  senderName: text,
  headline: text,
  description: text,
  instruction: text,
  web: text,
  contact: text,
  parameters: z.array(pair),
  resources: z.array(CapResource),
  areas: z.array(CapArea),
})
export type CapInfo = z.infer<typeof CapInfo>

export const CapReference = z.object({
  text: z.string(),
  sender: text,
  identifier: text,
  sent: text,
  /** False: it names nothing, and nothing may be changed by it. */
  usable: z.boolean(),
})
export type CapReference = z.infer<typeof CapReference>

/** Everything readable of one alert, for the desk. */
export const CapContent = z.object({
  version: z.enum(['1.1', '1.2']),
  source: text,
  restriction: text,
  addresses: text,
  codes: z.array(z.string()),
  note: text,
  incidents: text,
  references: z.array(CapReference),
  infos: z.array(CapInfo),
  /** Remarks that change no outcome: times only a strict reader refuses, a restricted scope without its restriction. */
  remarks: z.array(z.string()),
  signatureNotes: z.array(z.string()),
  /** Subject of the signing certificate, as it says; believed only when the signature is verified. */
  signer: text,
})
export type CapContent = z.infer<typeof CapContent>

/** One alert with all that is kept of it. `content` is null only when refused (an embedded message that could not be opened). */
export type JudgedAlert = {
  verdict: AlertVerdict
  content: CapContent | null
  route: CapRoute
  /** The file itself for a bare alert; for one inside a feed or envelope its own element, opened by itself. */
  bytes: Uint8Array
  /** SHA-256, hex, of `bytes`. */
  bytesHash: string
  /** SHA-256, hex, of the alert element alone: equal for the same alert sent bare and inside a feed. */
  elementHash: string
}

export type JudgedFile = { verdict: FileVerdict; alerts: JudgedAlert[] }
