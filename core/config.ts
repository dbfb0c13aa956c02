import { databaseAccount } from '#core/db/launch/account.ts'
import { defaultData } from '#core/db/launch/folder.ts'
import { z } from 'zod'

const Port = z.coerce.number().int().min(0).max(65_535)

const Config = z.object({
  port: Port,
  host: z.string(),
  publicUrl: z.url().optional(),
  tlsCert: z.string().optional(),
  tlsKey: z.string().optional(),
  trustedProxy: z.string().optional(),
  databaseUrl: z.string().optional(),
  data: z.string().optional(),
  systemPostgres: z.boolean(),
  metricsHost: z.string(),
  /** A listener of its own for /metrics; without it they are answered to programs on this machine only. */
  metricsPort: Port.optional(),
  /** Said once, when a city is founded. */
  city: z.object({ code: z.string().regex(/^[A-Za-z0-9._-]+$/), name: z.string().min(1), timeZone: z.string().min(1) }),
  administratorMail: z.email(),
})
export type Config = z.infer<typeof Config>

const loopback = new Set(['127.0.0.1', '::1', 'localhost'])

/**
 * Settings from the command line, then the environment (PORT, CONCORD_DATA, DATABASE_URL, CONCORD_*).
 * Errors: plain HTTP on anything but loopback, unless a trusted proxy speaks TLS for us.
 */
export function readConfig(flags: Record<string, string | boolean | undefined>, environment: NodeJS.ProcessEnv): Config {
  const config = Config.parse({
    port: flags.port ?? environment.PORT ?? 3300,
    host: flags.host ?? environment.CONCORD_HOST ?? '127.0.0.1',
    publicUrl: flags.publicUrl ?? environment.CONCORD_PUBLIC_URL,
    tlsCert: flags.tlsCert ?? environment.CONCORD_TLS_CERT,
    tlsKey: flags.tlsKey ?? environment.CONCORD_TLS_KEY,
    trustedProxy: flags.trustedProxy ?? environment.CONCORD_TRUSTED_PROXY,
    databaseUrl: environment.DATABASE_URL || undefined,
    data: flags.data ?? environment.CONCORD_DATA,
    systemPostgres: flags.systemPostgres === true,
    metricsHost: environment.CONCORD_METRICS_HOST ?? '127.0.0.1',
    metricsPort: environment.CONCORD_METRICS_PORT || undefined,
    city: {
      code: environment.CONCORD_CITY_CODE ?? 'our-city',
      name: environment.CONCORD_CITY_NAME ?? 'Our city',
      timeZone: environment.CONCORD_TIME_ZONE ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    },
    administratorMail: environment.CONCORD_ADMINISTRATOR_MAIL ?? 'administrator@localhost.localdomain',
  })
  if ((config.tlsCert === undefined) !== (config.tlsKey === undefined)) throw new Error('--tls-cert and --tls-key go together.')
  if (config.tlsCert === undefined && config.trustedProxy === undefined && !loopback.has(config.host)) {
    throw new Error(
      `Plain HTTP is served on loopback only, not on ${config.host}. Give --tls-cert and --tls-key, or --trusted-proxy with the proxy's address.`,
    )
  }
  return config
}

/** Does the browser reach us over TLS, from us or from the proxy before us? Decides the cookie's name and flags. */
export const isSecure = (config: Config): boolean => config.tlsCert !== undefined || (config.publicUrl?.startsWith('https:') ?? false)

/** Where this machine keeps what is not in the store: keys, the operator's token, and the embedded store itself. */
export const dataFolder = (config: Pick<Config, 'data'>): string => config.data ?? defaultData(databaseAccount())
