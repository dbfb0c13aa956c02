import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { End } from '../network/contract.ts'

/** Reads what an input names; what is not there and what cannot be read are both *not found*. */
export const must = (
  tx: Tx,
  table: 'agency' | 'post' | 'group' | 'medium' | 'link' | 'responsibility' | 'product' | 'variant',
  id: string,
) =>
  one<{ id: string }>(
    tx,
    {
      agency: sql`select id from structure.agencies where id = ${id}`,
      post: sql`select id from structure.posts where id = ${id}`,
      group: sql`select id from structure.groups where id = ${id}`,
      medium: sql`select id from structure.media where id = ${id}`,
      link: sql`select id from structure.links where id = ${id} and ended_at is null`,
      responsibility: sql`select id from structure.responsibilities where id = ${id} and ended_at is null`,
      variant: sql`select id from structure.variants where id = ${id} and ended_at is null`,
      product: sql`select id from structure.products where id = ${id} and ended_at is null`,
    }[table],
  )

/** Links of which this person may note a test. */
export const testable = async (tx: Tx): Promise<string[]> =>
  (
    await rows<{ id: string }>(tx, sql`select id from structure.links where ended_at is null and structure.may_note_test(id) order by id`)
  ).map(({ id }) => id)

const label = sql`access.intern((select jsonb_build_array(jsonb_build_array('city:' || code)) from access.city), 'TLP:AMBER')`

export interface LinkWords {
  from: End
  to: End
  kind: string
  primaryMediumId: string | null
  backupMediumId: string | null
  carries: readonly string[]
  reason: string
}

/** Adds the link or changes the one that stands; returns its id. */
export async function putLink(tx: Tx, id: string, link: LinkWords): Promise<string> {
  const { from, to } = link
  const of = (end: End, kind: End['kind']) => (end.kind === kind ? end.id : null)
  const known = await maybe<{ id: string }>(
    tx,
    sql`update structure.links was set primary_medium_id = ${link.primaryMediumId}, backup_medium_id = ${link.backupMediumId}, carries = ${link.carries}, reason = ${link.reason},
          tested_at = case when (was.primary_medium_id, was.backup_medium_id) is distinct from (${link.primaryMediumId}::uuid, ${link.backupMediumId}::uuid) then null else was.tested_at end
        where was.ended_at is null and was.kind = ${link.kind} and coalesce(was.from_group_id, was.from_post_id, was.from_agency_id) = ${from.id}
          and coalesce(was.to_group_id, was.to_post_id, was.to_agency_id) = ${to.id} returning id`,
  )
  if (known) return known.id
  await run(
    tx,
    sql`insert into structure.links (id, from_group_id, from_post_id, from_agency_id, to_group_id, to_post_id, to_agency_id, kind, primary_medium_id, backup_medium_id,
          carries, reason, label)
        values (${id}, ${of(from, 'group')}, ${of(from, 'post')}, ${of(from, 'agency')}, ${of(to, 'group')}, ${of(to, 'post')}, ${of(to, 'agency')}, ${link.kind},
          ${link.primaryMediumId}, ${link.backupMediumId}, ${link.carries}, ${link.reason}, ${label})`,
  )
  return id
}

export const endLink = (tx: Tx, id: string, at: Date, reason: string) =>
  run(tx, sql`update structure.links set ended_at = ${at}, reason = ${reason} where id = ${id} and ended_at is null`)

/** Errors: not allowed. Returns the test that stands. */
export async function noteTest(tx: Tx, id: string, at: Date): Promise<string> {
  await run(tx, sql`select structure.note_link_test(${id}, ${at})`)
  const { testedAt } = await one<{ testedAt: Date | string }>(tx, sql`select tested_at from structure.links where id = ${id}`)
  return new Date(testedAt).toISOString()
}

export async function putResponsibility(
  tx: Tx,
  id: string,
  it: { activity: string; phase: string; agencyId: string; part: string; jointBasis: string | null; reason: string },
): Promise<string> {
  const known = await maybe<{ id: string }>(
    tx,
    sql`update structure.responsibilities set joint_basis = ${it.jointBasis}, reason = ${it.reason}
        where ended_at is null and activity = ${it.activity} and phase = ${it.phase} and agency_id = ${it.agencyId} and part = ${it.part} returning id`,
  )
  if (known) return known.id
  await run(
    tx,
    sql`insert into structure.responsibilities (id, activity, phase, agency_id, part, joint_basis, reason, label)
        values (${id}, ${it.activity}, ${it.phase}, ${it.agencyId}, ${it.part}, ${it.jointBasis}, ${it.reason}, ${label})`,
  )
  return id
}

export const endResponsibility = (tx: Tx, id: string, at: Date, reason: string) =>
  run(tx, sql`update structure.responsibilities set ended_at = ${at}, reason = ${reason} where id = ${id} and ended_at is null`)

export async function putProduct(
  tx: Tx,
  id: string,
  it: { code: string; name: string; producerAgencyId: string | null; mediumId: string | null; protocol: string | null; reason: string },
): Promise<string> {
  const known = await maybe<{ id: string }>(
    tx,
    sql`update structure.products set name = ${it.name}, producer_agency_id = ${it.producerAgencyId}, medium_id = ${it.mediumId}, protocol = ${it.protocol},
          reason = ${it.reason}, ended_at = null
        where code = ${it.code} returning id`,
  )
  if (known) return known.id
  await run(
    tx,
    sql`insert into structure.products (id, code, name, producer_agency_id, medium_id, protocol, reason, label)
        values (${id}, ${it.code}, ${it.name}, ${it.producerAgencyId}, ${it.mediumId}, ${it.protocol}, ${it.reason}, ${label})`,
  )
  return id
}

export const endProduct = (tx: Tx, id: string, at: Date, reason: string) =>
  run(tx, sql`update structure.products set ended_at = ${at}, reason = ${reason} where id = ${id} and ended_at is null`)

export async function putMedium(
  tx: Tx,
  id: string,
  it: { code: string; name: string; dependsOn: readonly string[]; reason: string },
): Promise<string> {
  const known = await maybe<{ id: string }>(
    tx,
    sql`update structure.media set name = ${it.name}, depends_on = ${it.dependsOn}, reason = ${it.reason} where code = ${it.code} returning id`,
  )
  if (known) return known.id
  await run(
    tx,
    sql`insert into structure.media (id, code, name, depends_on, reason, label) values (${id}, ${it.code}, ${it.name}, ${it.dependsOn}, ${it.reason}, ${label})`,
  )
  return id
}

export async function putPlace(tx: Tx, id: string, it: { code: string; name: string; reason: string }): Promise<string> {
  const known = await maybe<{ id: string }>(
    tx,
    sql`update structure.places set name = ${it.name}, reason = ${it.reason} where code = ${it.code} returning id`,
  )
  if (known) return known.id
  await run(
    tx,
    sql`insert into structure.places (id, code, name, reason, label) values (${id}, ${it.code}, ${it.name}, ${it.reason}, ${label})`,
  )
  return id
}

export const agencyOfPost = (tx: Tx, postId: string) =>
  one<{ agencyId: string }>(tx, sql`select agency_id from structure.posts where id = ${postId}`)

export interface VariantWords {
  groupId: string
  incidentType: string
  band: string
  effect: string
  agencyId: string | null
  postId: string | null
  basis: string
  reason: string
}

/** One post chairs a group at a time, and an agency joins or leaves it once: what stands for the same is changed. */
export async function putVariant(tx: Tx, id: string, it: VariantWords): Promise<string> {
  const known = await maybe<{ id: string }>(
    tx,
    sql`update structure.variants set agency_id = ${it.agencyId}, post_id = ${it.postId}, basis = ${it.basis}, reason = ${it.reason}
        where ended_at is null and group_id = ${it.groupId} and incident_type = ${it.incidentType} and band = ${it.band} and effect = ${it.effect}
          and (effect in ('chairs', 'deputy-chairs') or agency_id = ${it.agencyId}) returning id`,
  )
  if (known) return known.id
  await run(
    tx,
    sql`insert into structure.variants (id, group_id, incident_type, band, effect, agency_id, post_id, basis, reason, label)
        values (${id}, ${it.groupId}, ${it.incidentType}, ${it.band}, ${it.effect}, ${it.agencyId}, ${it.postId}, ${it.basis}, ${it.reason}, ${label})`,
  )
  return id
}

export const endVariant = (tx: Tx, id: string, at: Date, reason: string) =>
  run(tx, sql`update structure.variants set ended_at = ${at}, reason = ${reason} where id = ${id} and ended_at is null`)
