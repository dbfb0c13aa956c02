import { afterAll, beforeAll, expect, test } from 'vitest'
import { id } from '#core/id.ts'
import { reportUpward } from '../items/contract.ts'
import { sharingCity } from '../testing.ts'
import { gradeItem, recallItem } from './contract.ts'

let here: Awaited<ReturnType<typeof sharingCity<'police' | 'hospital' | 'roads'>>>
let protocolId: string

beforeAll(async () => {
  here = await sharingCity('police', 'hospital', 'roads')
  await here.city.owner.query("update access.marking_rule set grading = 'admiralty-scale'")
  protocolId = await here.sharing.inForce([here.police, here.hospital])
})
afterAll(() => here?.city.end())

const grade = (person: { personId: string }, itemId: string, grading: string, because = 'Another source.') =>
  here.sharing.as<{ told: string[] }>(person as never, gradeItem, { itemId, grading, because })

test('an item says how sure its source and what it says are, in words, and whose judgement that is', async () => {
  const { police, hospital, sharing } = here
  const itemId = await sharing.share(police, { protocolId, grading: 'admiralty-scale:B2' })
  expect((await sharing.item(hospital, itemId)).graded).toMatchObject({
    grading: 'admiralty-scale:B2',
    short: 'B2',
    words: ['Usually reliable', 'Probably true'],
    scale: 'Admiralty grading',
    by: 'police executive',
    because: null,
  })
  expect((await sharing.item(hospital, await sharing.share(police, { protocolId }))).graded).toBeNull()
})

test('a grade is of the scale that the city uses, whole, whoever writes it', async () => {
  const { police, sharing, tries } = here
  for (const grading of ['admiralty-scale:B', 'admiralty-scale:G1', 'admiralty-scale:2B', 'plain:unverified', 'admiralty-scale:B22'])
    await expect(sharing.share(police, { protocolId, grading }), grading).rejects.toMatchObject({ kind: 'invalid', field: 'grading' })
  const itemId = await sharing.share(police, { protocolId })
  for (const text of [
    `update sharing.items set grading = 'admiralty-scale:A1' where id = '${itemId}'`,
    `select sharing.put_grading('${itemId}', 'admiralty-scale:A1', 'x', now())`,
  ])
    await expect(tries(police, text), text).rejects.toMatchObject({ kind: 'not-allowed' })
  await expect(
    tries(police, 'select sharing.grade_item($1, $2, $3, now())', [itemId, 'admiralty-scale:Z9', 'By hand.']),
  ).rejects.toMatchObject({
    kind: 'invalid',
    field: 'grading',
  })
})

test('its originator alone grades it anew, with a reason: an entry, and whoever has it is told', async () => {
  const { police, hospital, roads, sharing, asks } = here
  const itemId = await sharing.share(police, { protocolId, grading: 'admiralty-scale:B2' })
  await expect(grade(hospital, itemId, 'admiralty-scale:E5')).rejects.toMatchObject({ kind: 'not-allowed' })
  await expect(grade(roads, itemId, 'admiralty-scale:E5')).rejects.toMatchObject({ kind: 'not-found' })
  await expect(grade(roads, id(), 'admiralty-scale:E5')).rejects.toMatchObject({ kind: 'not-found' })
  await expect(grade(police, itemId, 'admiralty-scale:B2')).rejects.toMatchObject({ kind: 'conflict' })
  expect(await grade(police, itemId, 'admiralty-scale:E5', 'The source has moved away.')).toEqual({ told: ['hospital'] })
  expect((await sharing.item(hospital, itemId)).graded).toMatchObject({ short: 'E5', because: 'The source has moved away.' })
  const entries = await asks<{ grading: string | null }>(
    hospital,
    `select convert_from(e.content, 'UTF8')::jsonb -> 'row' ->> 'grading' as grading from record.entry e
     where convert_from(e.header, 'UTF8')::jsonb ->> 'row' = $1 and convert_from(e.header, 'UTF8')::jsonb ->> 'table' = 'sharing.items' order by e.seq`,
    [itemId],
  )
  expect(entries.map(({ grading }) => grading)).toEqual([null, 'admiralty-scale:B2', 'admiralty-scale:E5'])
  expect(await asks(hospital, "select because from sharing.disclosures where item_id = $1 and deed = 'regraded'", [itemId])).toEqual([
    { because: 'The source has moved away.' },
  ])
  await sharing.as(police, recallItem, { itemId, because: 'It was wrong.' })
  await expect(grade(police, itemId, 'admiralty-scale:F6')).rejects.toMatchObject({ kind: 'conflict' })
})

test('a report upward carries its grade to whoever reads it', async () => {
  const { police, hospital, sharing, colleague, asks } = here
  const upward = await sharing.inForce([police, hospital], { upward: true })
  const briefed = await colleague(police, 'Bri Briefed', 'duty', ['briefed:quay'])
  await sharing.as(hospital, reportUpward, {
    kind: 'situation',
    title: 'What I saw',
    text: 'A report.',
    marking: 'TLP:AMBER',
    caveats: ['briefed:quay'],
    protocolId: upward,
    grading: 'admiralty-scale:A3',
  })
  expect(await asks(briefed, "select grading from sharing.items where title = 'What I saw'")).toEqual([{ grading: 'admiralty-scale:A3' }])
})

test('what was graded by a scale of before is read by that scale still', async () => {
  const { police, hospital, sharing, city } = here
  const itemId = await sharing.share(police, { protocolId, grading: 'admiralty-scale:C3' })
  await city.owner.query("update access.marking_rule set grading = 'plain'")
  expect((await sharing.item(hospital, itemId)).graded).toMatchObject({ short: 'C3', words: ['Fairly reliable', 'Possibly true'] })
  await expect(grade(police, itemId, 'admiralty-scale:D3')).rejects.toMatchObject({ field: 'grading' })
  await grade(police, itemId, 'plain:confirmed-by-owner')
  expect((await sharing.item(hospital, itemId)).graded).toMatchObject({ short: 'Confirmed by its owner' })
  await city.owner.query("update access.marking_rule set grading = 'admiralty-scale'")
})
