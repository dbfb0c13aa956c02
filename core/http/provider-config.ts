import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** An outside provider (OpenID Connect). `name` stands on the button. Claims may be nested: `realm_access.roles`. */
export const ProviderConfig = z.object({
  name: z.string().min(1).max(60),
  issuer: z.url(),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1).optional(),
  scope: z.string().default('openid email profile'),
  groupsClaim: z.string().default('groups'),
  mailClaim: z.string().default('email'),
  mailVerifiedClaim: z.string().default('email_verified'),
})
export type ProviderConfig = z.infer<typeof ProviderConfig>

/**
 * CONCORD_OIDC_FILE (JSON, the fields above), or CONCORD_OIDC_ISSUER, _CLIENT_ID, _CLIENT_SECRET, _NAME, _SCOPE, _GROUPS_CLAIM, _MAIL_CLAIM,
 * _MAIL_VERIFIED_CLAIM. Undefined when none is set. Errors: a plain http issuer beyond this machine; a field missing.
 */
export function providerFrom(environment: NodeJS.ProcessEnv): ProviderConfig | undefined {
  const file = environment.CONCORD_OIDC_FILE
  const of = (name: string) => environment[`CONCORD_OIDC_${name}`] || undefined
  if (file === undefined && of('ISSUER') === undefined) return undefined
  const config = ProviderConfig.parse(
    file === undefined
      ? {
          name: of('NAME') ?? new URL(of('ISSUER')!).hostname,
          issuer: of('ISSUER'),
          clientId: of('CLIENT_ID'),
          clientSecret: of('CLIENT_SECRET'),
          scope: of('SCOPE'),
          groupsClaim: of('GROUPS_CLAIM'),
          mailClaim: of('MAIL_CLAIM'),
          mailVerifiedClaim: of('MAIL_VERIFIED_CLAIM'),
        }
      : JSON.parse(readFileSync(file, 'utf8')),
  )
  const { protocol, hostname } = new URL(config.issuer)
  if (protocol !== 'https:' && !isLoopback(hostname)) throw new Error(`The sign-in provider must be at https:, not at ${config.issuer}.`)
  return config
}

export const isLoopback = (host: string) => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host)
