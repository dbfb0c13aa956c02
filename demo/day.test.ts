import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { City } from './lists/shape.ts'

type Row = {
  id: string
  at: string
  table: string
  agencies: string[]
  words: string
  clauses: string[][]
  marking: string
  sees: string[]
  doesNotSee: { person: string; why: string }[]
}
type AsOf = { id: string; asker: string; subject: string; at: string; authority: string | null; words: string; sees: string[] }
type Day = { rows: Row[]; reaches: Record<string, string[]>; asOf: AsOf[] }

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
const day = JSON.parse(read('./halvern/day.json')) as Day
const city = JSON.parse(read('./halvern/city.json')) as City
const page = read('../docs/the-cast-and-a-day.md')
const viewers = Object.keys(day.reaches)

/** The rule, as plainly as it can be written: every clause shares a token with the reach, and there is at least one clause. */
function sees(clauses: string[][], reach: string[]): boolean {
  return clauses.length > 0 && clauses.every((clause) => clause.some((token) => reach.includes(token)))
}

function reachOf(viewer: string): string[] {
  return day.reaches[viewer] ?? []
}

function minutes(at: string): number {
  const days = /^T([+-]\d+) d$/.exec(at)
  if (days) return Number(days[1]) * 24 * 60
  const [, hours, rest] = /^T\+(\d+):(\d\d)$/.exec(at) ?? []
  return Number(hours) * 60 + Number(rest)
}

describe.each(day.rows)('$id', (row) => {
  test('is seen by those it says, and by no one else', () => {
    expect(viewers.filter((viewer) => sees(row.clauses, reachOf(viewer)))).toEqual(row.sees)
  })

  test('gives reasons only about viewers who do not see it', () => {
    for (const { person, why } of row.doesNotSee) {
      expect(viewers).toContain(person)
      expect(row.sees).not.toContain(person)
      expect(why.length).toBeGreaterThan(5)
    }
    if (row.sees.length < viewers.length) expect(row.doesNotSee.length).toBeGreaterThan(0)
  })

  test('stands on the page with the same words, marking, label and reasons', () => {
    const section = page.split(`### ${row.at} · \`${row.id}\``)[1]?.split('\n#')[0] ?? ''
    expect(section).toContain(row.words)
    expect(section).toContain(`**${row.marking || '(none)'}**`)
    expect(section).toContain(`\`${row.table}\``)
    const label = row.clauses.map((clause) => `(${clause.map((token) => `\`${token}\``).join(' or ') || 'empty'})`).join(' **and** ')
    expect(section).toContain(`Label: ${label || 'nobody (no clauses)'}.`)
    for (const { why } of row.doesNotSee) expect(section).toContain(why)
    const names = row.sees.map((viewer) =>
      viewer.startsWith('wall.') ? 'the wall' : viewer.replace(/\..*/, '').replace(/^./, (first) => first.toUpperCase()),
    )
    expect(section).toContain(`Sees it: ${names.join(', ') || 'nobody'}.`)
  })
})

describe('the day as a whole', () => {
  test('names each row once, in the order of the clock', () => {
    expect(new Set(day.rows.map((row) => row.id)).size).toBe(day.rows.length)
    expect(day.rows.map((row) => minutes(row.at))).toEqual(day.rows.map((row) => minutes(row.at)).toSorted((a, b) => a - b))
  })

  test('uses only the kinds of token that there are', () => {
    for (const token of [...day.rows.flatMap((row) => row.clauses.flat()), ...Object.values(day.reaches).flat()]) {
      expect(token).toMatch(/^(person|agency|group|post|kind|incident|city|cleared|briefed|circle):[A-Za-z0-9.-]+$/)
    }
  })

  test('gives nobody a post, a kind, an agency or a group that the city does not give them', () => {
    for (const [viewer, reach] of Object.entries(day.reaches)) {
      const person = city.people.find(({ code }) => code === viewer)
      const held = city.holdings.filter((holding) => holding.person === viewer).map((holding) => holding.post)
      for (const token of reach) {
        const [sort, id = ''] = token.split(':')
        if (sort === 'person') expect(id).toBe(viewer)
        if (sort === 'agency') expect(id).toBe(person?.agency)
        if (sort === 'post') expect(held).toContain(id)
        if (sort === 'kind') expect(city.posts.filter(({ code }) => held.includes(code)).map(({ kind }) => kind)).toContain(id)
        // The neutral commander sits in the strategic group by appointment, not by structure.
        if (sort === 'group' && !held.includes('HAL-FRS-NCD')) {
          const member = city.memberships.some(
            ({ group, post, kind }) => group === id && kind !== 'invitee' && post !== undefined && held.includes(post),
          )
          const serves = city.groups.some(
            (group) => group.code === id && [group.chair, group.deputyChair, group.secretariat].some((post) => held.includes(post)),
          )
          expect(member || serves, `${viewer} ${token}`).toBe(true)
        }
      }
    }
  })

  test('covers every cast member, and a wall that holds no person, post or agency', () => {
    const cast = (JSON.parse(read('./halvern/cast.json')) as { cast: { person: string; cleared: string[] }[] }).cast
    expect(viewers.filter((viewer) => !viewer.startsWith('wall.'))).toEqual(cast.map(({ person }) => person))
    for (const { person, cleared } of cast) {
      expect(reachOf(person).filter((token) => token.startsWith('cleared:'))).toEqual(cleared.map((id) => `cleared:${id}`))
    }
    expect(reachOf('wall.strategic-room')).toEqual(['incident:TIDEBELL'])
  })

  test('shows the wall nothing that somebody with a part in the incident may not see', () => {
    const taking = viewers.filter((viewer) => reachOf(viewer).includes('incident:TIDEBELL'))
    for (const row of day.rows.filter((candidate) => candidate.sees.includes('wall.strategic-room'))) {
      for (const viewer of taking) expect(row.sees, row.id).toContain(viewer)
    }
  })

  test('lets a row whose label has no clauses, or an empty one, be seen by nobody', () => {
    expect(sees([], ['city:HAL'])).toBe(false)
    expect(sees([['city:HAL'], []], ['city:HAL'])).toBe(false)
  })
})

describe.each(day.asOf)('as of: $id', (asked) => {
  test('is the subject’s picture then, and without authority only what the asker may see now', () => {
    const then = day.rows.filter((row) => minutes(row.at) <= minutes(asked.at) && row.sees.includes(asked.subject))
    const answer = asked.authority === null ? then.filter((row) => row.sees.includes(asked.asker)) : then
    expect(asked.sees).toEqual(answer.map((row) => row.id))
    if (asked.authority !== null) expect(day.rows.find((row) => row.id === asked.authority)?.sees).toContain(asked.asker)
    expect(page).toContain(asked.words)
  })
})
