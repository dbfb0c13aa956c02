import { type Cause, causes } from '#areas/response/prompts/contract.ts'
import { anHour, atOnce, forLeader, forSecretariat, isLeftLying, mayPass, type Ranked } from '#areas/response/prompts/rules.ts'
import { type BenchLine, rounded } from '../measure.ts'

const minute = 60_000
const began = Date.parse('2026-03-12T14:10:00Z')

interface Open extends Ranked {
  passedTo: string | null
}
interface Post {
  name: string
  shown: number[]
  atOnce: number
}

/** What the journey of one incident raises, minute by minute after the first signal (requirements A.12), and a bad night around it. */
const journey: readonly [at: number, cause: Cause][] = [
  [10, 'call-out-unanswered'],
  [20, 'lead-unresolved'],
  [25, 'agency-silent'],
  [27, 'core-absent'],
  [60, 'core-absent'],
  [80, 'task-not-accepted'],
  [90, 'outcome-not-acknowledged'],
  [105, 'rationale-owed'],
  [120, 'review-due'],
  [170, 'task-overdue'],
]

/** The same rules decide here as in the product: who is shown what, and what stays with the secretariat. */
function play(raised: readonly [at: number, cause: Cause][], minutes: number, leaders: readonly string[], looks: boolean) {
  const desk: Post = { name: 'secretariat', shown: [], atOnce: 0 }
  const posts = leaders.map((name): Post => ({ name, shown: [], atOnce: 0 }))
  let open: Open[] = []
  let kept = 0
  for (let now = 0; now <= minutes; now += 1) {
    const at = new Date(began + now * minute)
    for (const [place, [when, cause]] of raised.entries()) {
      if (when !== now) continue
      open.push({ id: `${place}`, cause, raisedAt: at.toISOString(), snoozedUntil: null, passedTo: null })
      desk.shown.push(now)
    }
    const waiting = forSecretariat(
      open.filter(({ passedTo }) => passedTo === null),
      at,
    )
    for (const prompt of waiting) {
      // A secretariat that looks passes what presses at once; one that does not leaves it to Concord.
      if (!(looks || isLeftLying(prompt, at))) continue
      const free = posts.find(
        (post) =>
          mayPass(
            {
              open: open.filter(({ passedTo }) => passedTo === post.name).length,
              passes: post.shown.map((then) => new Date(began + then * minute)),
            },
            at,
          ) === null,
      )
      if (!free) {
        kept += 1
        continue
      }
      prompt.passedTo = free.name
      free.shown.push(now)
    }
    for (const post of posts) {
      const seen = forLeader(
        open.filter(({ passedTo }) => passedTo === post.name),
        at,
      )
      post.atOnce = Math.max(post.atOnce, seen.length)
      // A leader deals with the most pressing every six minutes.
      if (now % 6 === 0 && seen[0]) open = open.filter((one) => one !== seen[0])
    }
    desk.atOnce = Math.max(desk.atOnce, waiting.length)
    if (looks && now % 3 === 0 && waiting[0]) open = open.filter((one) => one !== waiting[0] || one.passedTo !== null)
  }
  const hourly = ({ shown }: Post) => Math.max(0, ...shown.map((from) => shown.filter((then) => then >= from && then < from + 60).length))
  return { desk: { ...desk, hourly: hourly(desk) }, leaders: posts.map((post) => ({ ...post, hourly: hourly(post) })), kept }
}

/** Every minute something: what a leader would be shown if nothing held it back. */
const storm = (minutes: number): [at: number, cause: Cause][] =>
  Array.from({ length: minutes }, (_, at) => [at, causes[(at * 7) % causes.length]!])

function line(name: string, raised: readonly [number, Cause][], minutes: number, looks: boolean): BenchLine {
  const { desk, leaders, kept } = play(raised, minutes, ['chair', 'executive', 'neutral commander'], looks)
  const most = Math.max(...leaders.map(({ hourly }) => hourly))
  return {
    bench: name,
    ratio: rounded(most / anHour),
    comparedTo: `the most that a leader may get: ${atOnce} at once, ${anHour} an hour`,
    goal: 1,
    leadersHourly: most,
    leadersAtOnce: Math.max(...leaders.map((post) => post.atOnce)),
    secretariatHourly: desk.hourly,
    secretariatAtOnce: desk.atOnce,
    raised: raised.length,
    promptMinutesKeptByTheSecretariat: kept,
    hours: rounded(minutes / 60, 1),
  }
}

/** Prompts per post per hour over the journey, and over a storm of one a minute; a ratio over 1 would break the rule. */
export async function run({ quick }: { json: boolean; quick: boolean }): Promise<BenchLine[]> {
  const hours = quick ? 3 : 24
  return [
    line('prompts', journey, 180, true),
    line('prompts-unwatched', journey, 180, false),
    line('prompts-storm', storm(hours * 60), hours * 60, true),
  ]
}
