import { maybe, one, rows, run, sql } from '#core/db/sql.ts'
import type { Tx } from '#core/operation/implement.ts'
import type { Dissent, GroundInput, OptionInput, Verdict, Version } from '../contract.ts'

/** The current version of a decision, with what its first version and later rows say; the id is the first version's. */
export interface Head {
  id: string
  versionId: string
  incidentId: string
  groupId: string | null
  question: string
  chosen: string
  decidedAt: string
  decidedByPostId: string
  decidedByPersonId: string
  decidedByPost: string
  decidedByAgency: string
  loggistPersonId: string
  loggistName: string
  confirmedAt: string | null
  rationale: string | null
  rationaleDueAt: string | null
  rationaleGivenAt: string | null
  reviewAt: string
  dissents: number
  flagged: number
  versions: number
  reversesId: string | null
  reversedById: string | null
  label: number
  marking: string
}

const heads = sql`
  select v.root_id as id, v.id as version_id, v.incident_id, v.group_id, v.question, chosen.words as chosen, v.decided_at,
    v.decided_by_post_id, v.decided_by_person_id, post.title as decided_by_post, agency.name as decided_by_agency,
    v.loggist_person_id, coalesce(loggist.name, '') as loggist_name,
    (select c.confirmed_at from response.confirmations c where c.subject = 'decision' and c.subject_id = v.id) as confirmed_at,
    coalesce(v.rationale, later.words) as rationale, v.rationale_due_at, later.given_at as rationale_given_at,
    coalesce((select r.next_review_at from response.decision_reviews r where r.decision_id = v.root_id and r.reviewed_at >= v.entered_at
      order by r.reviewed_at desc limit 1), v.review_at) as review_at,
    (select count(*)::int from response.decision_dissents x where x.decision_id = v.root_id) as dissents,
    (select count(*)::int from response.decision_grounds g where g.decision_id = v.id and g.flag <> 'none') as flagged,
    (select count(*)::int from response.decisions x where x.root_id = v.root_id) as versions,
    v.reverses_id, (select x.root_id from response.decisions x where x.reverses_id = v.root_id limit 1) as reversed_by_id,
    v.label, coalesce(l.marking, '') as marking
  from response.decisions v
  join response.decision_options chosen on chosen.id = v.chosen_option_id
  join structure.posts post on post.id = v.decided_by_post_id
  join structure.agencies agency on agency.id = post.agency_id
  left join structure.people loggist on loggist.id = v.loggist_person_id
  left join response.decision_rationales later on later.decision_id = v.root_id
  left join access.label l on l.id = v.label
  where not exists (select from response.decisions newer where newer.corrects_id = v.id)`

/** Oldest first: their order is what numbers count. */
export const headsOf = (tx: Tx, incidentId: string) => rows<Head>(tx, sql`${heads} and v.incident_id = ${incidentId} order by v.root_id`)
/** By any of its versions. Errors: not found (also when withheld). */
export const head = (tx: Tx, id: string) =>
  one<Head>(tx, sql`${heads} and v.root_id = (select root_id from response.decisions where id = ${id})`)

export interface NewVersion {
  id: string
  rootId: string
  incidentId: string
  groupId: string | null
  question: string
  chosenOptionId: string
  rationale: string | null
  rationaleDueAt: Date | string | null
  decidedAt: Date | string
  enteredAt: Date
  lateReason: string | null
  decidedByPostId: string
  decidedByPersonId: string
  loggistPersonId: string
  reviewAt: string
  correctsId: string | null
  correctedBy: string | null
  correctionReason: string | null
  reversesId: string | null
  label: number
}

/** The options of a decision come before it; the decision names one of them. */
export const putOption = (
  tx: Tx,
  option: OptionInput & { id: string; decisionId: string; incidentId: string; place: number; label: number },
) =>
  run(
    tx,
    sql`insert into response.decision_options (id, decision_id, incident_id, place, words, suitability, feasibility, acceptability, suitable, feasible, acceptable, label)
        values (${option.id}, ${option.decisionId}, ${option.incidentId}, ${option.place}, ${option.text}, ${option.suitability}, ${option.feasibility},
          ${option.acceptability}, ${option.verdicts.suitable}, ${option.verdicts.feasible}, ${option.verdicts.acceptable}, ${option.label})`,
  )

export const putVersion = (tx: Tx, v: NewVersion) =>
  run(
    tx,
    sql`insert into response.decisions (id, root_id, incident_id, group_id, question, chosen_option_id, rationale, rationale_due_at, decided_at, entered_at,
          late_reason, decided_by_post_id, decided_by_person_id, loggist_person_id, review_at, corrects_id, corrected_by, correction_reason, reverses_id, label)
        values (${v.id}, ${v.rootId}, ${v.incidentId}, ${v.groupId}, ${v.question}, ${v.chosenOptionId}, ${v.rationale}, ${v.rationaleDueAt}, ${v.decidedAt},
          ${v.enteredAt}, ${v.lateReason}, ${v.decidedByPostId}, ${v.decidedByPersonId}, ${v.loggistPersonId}, ${v.reviewAt}, ${v.correctsId}, ${v.correctedBy},
          ${v.correctionReason}, ${v.reversesId}, ${v.label})`,
  )

export const putGround = (
  tx: Tx,
  ground: GroundInput & { id: string; decisionId: string; incidentId: string; place: number; label: number },
) =>
  run(
    tx,
    sql`insert into response.decision_grounds (id, decision_id, incident_id, place, kind, words, source, as_of, flag, label)
        values (${ground.id}, ${ground.decisionId}, ${ground.incidentId}, ${ground.place}, ${ground.kind}, ${ground.words}, ${ground.source}, ${ground.asOf},
          ${ground.flag}, ${ground.label})`,
  )

interface Beside {
  id: string
  decisionId: string
  incidentId: string
  by: string
  label: number
}

export const putDissent = (
  tx: Tx,
  dissent: Beside & { place: number; agencyId: string; postId: string; words: string; saidAt: Date | string },
) =>
  run(
    tx,
    sql`insert into response.decision_dissents (id, decision_id, incident_id, place, agency_id, post_id, words, said_at, entered_by, label)
        values (${dissent.id}, ${dissent.decisionId}, ${dissent.incidentId}, ${dissent.place}, ${dissent.agencyId}, ${dissent.postId}, ${dissent.words},
          ${dissent.saidAt}, ${dissent.by}, ${dissent.label})`,
  )

/** Errors: conflict (the reasons were given already). */
export const putRationale = (tx: Tx, rationale: Beside & { words: string; givenAt: Date }) =>
  run(
    tx,
    sql`insert into response.decision_rationales (id, decision_id, incident_id, words, given_at, entered_by, label)
        values (${rationale.id}, ${rationale.decisionId}, ${rationale.incidentId}, ${rationale.words}, ${rationale.givenAt}, ${rationale.by}, ${rationale.label})`,
  )

export const putReview = (tx: Tx, review: Beside & { words: string; reviewedAt: Date; nextReviewAt: string }) =>
  run(
    tx,
    sql`insert into response.decision_reviews (id, decision_id, incident_id, words, reviewed_at, next_review_at, entered_by, label)
        values (${review.id}, ${review.decisionId}, ${review.incidentId}, ${review.words}, ${review.reviewedAt}, ${review.nextReviewAt}, ${review.by}, ${review.label})`,
  )

interface OptionRow extends Record<'suitable' | 'feasible' | 'acceptable', Verdict> {
  id: string
  decisionId: string
  text: string
  suitability: string
  feasibility: string
  acceptability: string
  chosen: boolean
}

/** Every version, newest first, whole. */
export async function versions(tx: Tx, rootId: string): Promise<Version[]> {
  const versions = await rows<Omit<Version, 'options' | 'grounds'>>(
    tx,
    sql`select v.id, v.question, coalesce(v.rationale, later.words) as rationale, v.rationale_due_at, v.decided_at, v.entered_at, v.late_reason, v.correction_reason, person.name as corrected_by_name,
          (select c.confirmed_at from response.confirmations c where c.subject = 'decision' and c.subject_id = v.id) as confirmed_at
        from response.decisions v left join structure.people person on person.id = v.corrected_by
          left join response.decision_rationales later on later.decision_id = v.root_id
        where v.root_id = ${rootId} order by v.id desc`,
  )
  const ids = versions.map((version) => version.id)
  const options = await rows<OptionRow>(
    tx,
    sql`select o.id, o.decision_id, o.words as text, o.suitability, o.feasibility, o.acceptability, o.suitable, o.feasible, o.acceptable,
          exists (select from response.decisions d where d.chosen_option_id = o.id) as chosen
        from response.decision_options o where o.decision_id = any(${ids}::uuid[]) order by o.place`,
  )
  const grounds = await rows<Version['grounds'][number] & { decisionId: string }>(
    tx,
    sql`select decision_id, kind, words, source, as_of, flag from response.decision_grounds where decision_id = any(${ids}::uuid[]) order by place`,
  )
  return versions.map((version) => ({
    ...version,
    options: options
      .filter(({ decisionId }) => decisionId === version.id)
      .map(({ suitable, feasible, acceptable, ...rest }) => ({ ...rest, verdicts: { suitable, feasible, acceptable } })),
    grounds: grounds.filter(({ decisionId }) => decisionId === version.id),
  }))
}

export const dissents = (tx: Tx, rootId: string) =>
  rows<Dissent>(
    tx,
    sql`select x.id, x.agency_id, agency.name as agency_name, post.title as post_title, x.words, x.said_at
        from response.decision_dissents x join structure.agencies agency on agency.id = x.agency_id
        left join structure.posts post on post.id = x.post_id where x.decision_id = ${rootId} order by x.said_at, x.place, x.id`,
  )

export const reviews = (tx: Tx, rootId: string) =>
  rows<{ words: string; reviewedAt: string; nextReviewAt: string }>(
    tx,
    sql`select words, reviewed_at, next_review_at from response.decision_reviews where decision_id = ${rootId} order by reviewed_at desc`,
  )

/** A post as far as the viewer may read it, and who is on duty in it. Errors: not found. */
export const postOnDuty = async (tx: Tx, postId: string, at: Date) => ({
  ...(await one<{ id: string; title: string; kind: string; agencyId: string; agencyName: string }>(
    tx,
    sql`select p.id, p.title, p.kind, a.id as agency_id, a.name as agency_name
        from structure.posts p join structure.agencies a on a.id = p.agency_id where p.id = ${postId}`,
  )),
  personId:
    (await maybe<{ personId: string }>(tx, sql`select person_id from structure.on_duty(${postId}, ${at}) limit 1`))?.personId ?? null,
})
