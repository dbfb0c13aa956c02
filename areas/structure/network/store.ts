import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Network, VersionLine } from './contract.ts'

/** Rows of one list, with nulls kept and times in ISO, as one JSON value: nine lists in one round trip. */
const current = sql`select jsonb_build_object(
  'agencies', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'orgType', org_type, 'orgCode', org_code, 'name', name, 'shortName', short_name,
    'sector', sector, 'parentId', parent_id, 'services', services, 'homeCity', home_city) order by org_code, id), '[]') from structure.agencies),
  'posts', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'code', code, 'agencyId', agency_id, 'kind', kind, 'title', title,
    'minimumSeniority', minimum_seniority, 'competences', competences, 'placeId', place_id) order by code), '[]') from structure.posts),
  'groups', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'code', code, 'name', name, 'tier', tier, 'purpose', purpose, 'authority', authority,
    'convening', convening, 'termsOfReference', terms_of_reference, 'cells', cells, 'chairPostId', chair_post_id, 'deputyChairPostId', deputy_chair_post_id,
    'secretariatPostId', secretariat_post_id, 'recordsOwnerPostId', records_owner_post_id, 'quorum', quorum, 'placeId', place_id,
    'reviewAt', to_char(review_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by code), '[]') from structure.groups),
  'memberships', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'groupId', group_id, 'agencyId', agency_id, 'postId', post_id, 'kind', kind,
    'basis', basis, 'derived', derived) order by id), '[]') from structure.memberships),
  'media', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'code', code, 'name', name, 'dependsOn', depends_on) order by code), '[]') from structure.media),
  'places', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'code', code, 'name', name) order by code), '[]') from structure.places),
  'links', (select coalesce(jsonb_agg(jsonb_build_object('id', id,
    'from', jsonb_build_object('kind', case when from_group_id is not null then 'group' when from_post_id is not null then 'post' else 'agency' end,
      'id', coalesce(from_group_id, from_post_id, from_agency_id)),
    'to', jsonb_build_object('kind', case when to_group_id is not null then 'group' when to_post_id is not null then 'post' else 'agency' end,
      'id', coalesce(to_group_id, to_post_id, to_agency_id)),
    'kind', kind, 'primaryMediumId', primary_medium_id, 'backupMediumId', backup_medium_id, 'carries', carries,
    'testedAt', to_char(tested_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by id), '[]') from structure.links where ended_at is null),
  'responsibilities', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'activity', activity, 'phase', phase, 'agencyId', agency_id, 'part', part,
    'jointBasis', joint_basis) order by activity, phase, part, id), '[]') from structure.responsibilities where ended_at is null),
  'products', (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'code', p.code, 'name', p.name, 'producerAgencyId', p.producer_agency_id,
    'mediumId', p.medium_id, 'protocol', p.protocol, 'receiverAgencyIds',
    (select coalesce(jsonb_agg(r.agency_id order by r.agency_id), '[]') from structure.product_receivers r where r.product_id = p.id and r.ended_at is null)) order by p.code), '[]')
    from structure.products p where p.ended_at is null),
  'variants', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'groupId', group_id, 'incidentType', incident_type, 'band', band, 'effect', effect,
    'agencyId', agency_id, 'postId', post_id, 'basis', basis) order by id), '[]') from structure.variants where ended_at is null)) as network`

/** The network as it stands in this transaction, as far as its person can read it. */
export const networkNow = async (tx: Tx) => (await one<{ network: Network }>(tx, current)).network

const line = sql`id, number, in_force_from, basis, review_id`

/** Newest first. */
export const versions = (tx: Tx) => rows<VersionLine>(tx, sql`select ${line} from structure.versions order by number desc`)

/** The version in force at a moment; undefined before the first. An incident pins it. */
export const versionInForce = (tx: Tx, at: Date) =>
  maybe<VersionLine>(tx, sql`select ${line} from structure.versions where in_force_from <= ${at} order by number desc limit 1`)

/** Errors: not found. */
export const networkOf = async (tx: Tx, versionId: string) =>
  (await one<{ network: Network }>(tx, sql`select network from structure.versions where id = ${versionId}`)).network

/**
 * Keeps the network as it stands as the next version, unless it says the same as the last one. Returns its id, or the last one's.
 * It never leaves the database: the network of a long list is large, and a transaction that waits for us is ended.
 */
export async function keepVersion(
  tx: Tx,
  it: { id: string; at: Date; basis: VersionLine['basis']; reviewId: string | null; label: number },
): Promise<string> {
  await run(tx, sql`select pg_advisory_xact_lock(7263, 3)`)
  const kept = await maybe<{ id: string }>(
    tx,
    sql`with here as (select now.network, sha256(convert_to(now.network::text, 'UTF8')) as hash from (${current}) now),
          last as (select number, hash from structure.versions order by number desc limit 1)
        insert into structure.versions (id, number, network, hash, in_force_from, basis, review_id, label)
        select ${it.id}, coalesce((select number from last), 0) + 1, network, hash, ${it.at}, ${it.basis}, ${it.reviewId}, ${it.label} from here
        where not exists (select from last where last.hash = here.hash) returning id`,
  )
  return (kept ?? (await one<{ id: string }>(tx, sql`select id from structure.versions order by number desc limit 1`))).id
}
