import type { Agency } from '#areas/structure/contract.ts'
import { agencies, agency, names, post } from '#areas/structure/facade.ts'
import { cityCode } from '#core/access/found.ts'
import { canSee } from '#core/access/label.ts'
import { internLabel } from '#core/access/reach.ts'
import { audienceWords } from '#core/access/sign-in/audience.ts'
import { city, language } from '#core/access/sign-in/store.ts'
import { invalid, notAllowed } from '#core/errors.ts'
import { type Implementation, implement } from '#core/operation/implement.ts'
import * as caveats from '../briefings/store.ts'
import { acting } from '../contract.ts'
import * as words from './contract.ts'
import en from '../words/en.json' with { type: 'json' }
import fr from '../words/fr.json' with { type: 'json' }
import { restricts, withAnswerable } from './rules.ts'
import * as store from './store.ts'

function shown(row: store.PointerRow, all: ReadonlyMap<string, Agency>, ownAgencyId: string | null, may: boolean): words.Pointer {
  const holder = all.get(row.holderAgencyId)
  return {
    id: row.id,
    title: row.title,
    holder: holder?.name ?? '',
    ask: { holder: holder?.name ?? '', post: row.askPost, callBack: holder?.callBack ?? null, how: row.how },
    by: row.by,
    byAgency: all.get(row.makerAgencyId)?.name ?? '',
    at: row.at,
    restrictedBecause: row.restrictionReason,
    ended: row.endedAt === null ? null : { at: row.endedAt, reason: row.endReason ?? '' },
    incidentId: row.incidentId,
    label: row.label,
    marking: row.marking,
    can: { end: may && row.endedAt === null && row.makerAgencyId === ownAgencyId },
  }
}

/** Why it is not here, and whom to ask, in the asker's language. */
function askLines(is: store.Known['is'], ask: words.Pointer['ask'], tongue: string): string[] {
  const said = (tongue === 'fr' ? fr : en).pointer
  const fill = (text: string, values: Record<string, string>) => text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '')
  return [
    fill({ pointer: said.heldBy, told: said.told, asked: said.asked }[is], { holder: ask.holder }),
    fill(ask.post === null ? said.askRoom : said.askPost, { holder: ask.holder, post: ask.post ?? '' }) +
      (ask.callBack === null ? '' : ` ${fill(said.askNumber, { number: ask.callBack })}`),
    ...(ask.how === '' ? [] : [ask.how]),
  ]
}

const mayPoint = (reach: readonly string[], agencyId: string | null) =>
  agencyId !== null && acting.some((kind) => reach.includes(`kind:${kind}`))

export const actions: readonly Implementation[] = [
  implement(words.pointers, async ({ input, tx, actor }) => {
    const listed = await agencies(tx)
    const all = new Map(listed.map((one) => [one.id, one]))
    const may = mayPoint(actor.reach, actor.agencyId)
    return {
      pointers: (await store.all(tx)).map((row) => shown(row, all, actor.agencyId, may)),
      agencies: listed.map(({ id, name }) => ({ id, name, own: id === actor.agencyId, token: `agency:${id}` })),
      posts: input.holderAgencyId === undefined ? [] : await store.postsOf(tx, input.holderAgencyId),
      everybody: `city:${await cityCode(tx)}`,
      can: { point: may },
    }
  }),
  implement(words.makePointer, async ({ input, tx, actor, clock, id, emit }) => {
    if (actor.agencyId === null)
      throw notAllowed('You act for no agency here. Nothing was kept. Sign in with your post, or tell them by telephone.')
    await agency(tx, input.holderAgencyId)
    if (input.askPostId !== undefined && (await post(tx, input.askPostId)).agencyId !== input.holderAgencyId)
      throw invalid('askPostId', 'This post is not of the agency that holds it. Nothing was kept. Choose one of its posts.')
    const clauses = withAnswerable(input.label.clauses, [input.holderAgencyId, actor.agencyId])
    if (!canSee(clauses, new Set(actor.reach)))
      throw invalid('label', 'You could not read this yourself, so it is not kept. Choose an audience that you belong to.')
    // First what may be held here at all: above the ceiling no reason helps.
    const label = await internLabel(tx, { clauses, marking: input.label.marking })
    const restrictedBecause = input.restrictedBecause?.trim() || null
    if (restricts({ ...input.label, clauses })) {
      if (restrictedBecause === null)
        throw invalid('restrictedBecause', 'This keeps people out. Nothing was kept. Say why, or choose a wider marking.')
      if (!/(?:^| \/\/ )UNTIL /.test(input.label.marking))
        throw invalid('until', 'This keeps people out. Nothing was kept. Say until when, or choose a wider marking.')
    }
    const pointer = { ...input, id: id(), askPostId: input.askPostId ?? null, incidentId: input.incidentId ?? null, restrictedBecause }
    await store.put(tx, {
      ...pointer,
      makerAgencyId: actor.agencyId,
      personId: actor.personId,
      at: clock.now(),
      label,
    })
    emit('sharing.pointerMade', { id: pointer.id, holderAgencyId: input.holderAgencyId })
    return { id: pointer.id }
  }),
  implement(words.endPointer, async ({ input, tx, actor, clock }) => {
    await store.byId(tx, input.id)
    if (!(await store.end(tx, input.id, actor.personId, clock.now(), input.reason))) throw notAllowed()
    return { ended: true as const }
  }),
  implement(words.whomToAsk, async ({ input, tx, actor }) => {
    const found = await store.known(tx, input.id)
    const holder = (await agencies(tx)).find(({ id }) => id === found.holderAgencyId)
    const ask = { holder: holder?.name ?? '', post: found.askPost, callBack: holder?.callBack ?? null, how: found.how }
    return { title: found.title, ask, lines: askLines(found.is, ask, await language(tx, actor.personId)) }
  }),
  implement(words.unread, async ({ tx, actor }) => {
    const found = await store.readByNobody(tx)
    const called = await names(tx, [...new Set(found.flatMap(({ clauses }) => clauses.flat()))])
    const all = new Map((await agencies(tx)).map((one) => [one.id, one.name]))
    const known = { ...called, ...Object.fromEntries([...(await caveats.descriptors(tx))].map(([token, name]) => [token, { name }])) }
    const [tongue, { name: cityName }] = [await language(tx, actor.personId), await city(tx)]
    return {
      labels: found.map(({ marking, clauses, agencyId }) => ({
        agency: all.get(agencyId) ?? '',
        marking,
        needs: audienceWords(clauses, actor, known, tongue, cityName).who,
      })),
    }
  }),
]
