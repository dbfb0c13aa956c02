import { afterAll, beforeAll, expect, test } from 'vitest'
import { acting } from './contract.ts'
import { asking } from './requests/contract.ts'
import { sharingCity } from './testing.ts'

let here: Awaited<ReturnType<typeof sharingCity<'police'>>>
beforeAll(async () => {
  here = await sharingCity('police')
})
afterAll(() => here?.city.end())

test('who shares, and who asks, are the same kinds of post in the contracts and in the database', async () => {
  const { rows } = await here.city.owner.query<{ sharers: string[]; appeal: string }>(
    "select sharing.sharers() as sharers, pg_get_functiondef('sharing.may_appeal(uuid)'::regprocedure) as appeal",
  )
  expect(rows[0]!.sharers).toEqual([...acting])
  const named = /acts_for\(r\.from_agency_id, '\{([^}]*)\}'/.exec(rows[0]!.appeal)?.[1]?.split(',')
  expect(named?.sort()).toEqual([...asking].sort())
})

test('to act for an agency is to hold its token and a post of it of such a kind; an empty list asks for no post; a screen never acts', async () => {
  const { police, city, asks, colleague } = here
  const screen = await colleague(police, 'Wall', 'device')
  const clerk = await city.person('Clerk', [`agency:${police.agencyId}`])
  const acts = async (person: typeof clerk, kinds: string[]) =>
    (
      await asks<{ sharing: boolean; structure: boolean }>(
        person,
        'select sharing.acts_for($1, $2) as sharing, structure.acts_for($1, $2) as structure',
        [police.agencyId, kinds],
      )
    )[0]
  expect(await acts(police, ['executive'])).toEqual({ sharing: true, structure: true })
  expect(await acts(police, ['duty'])).toEqual({ sharing: false, structure: false })
  expect(await acts(clerk, [])).toEqual({ sharing: true, structure: true })
  expect(await acts(clerk, ['executive'])).toEqual({ sharing: false, structure: false })
  expect(await acts(screen, [])).toEqual({ sharing: false, structure: false })
})
