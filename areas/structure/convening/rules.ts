import type { Line } from './contract.ts'

/** A line of structure's own; whoever asks says whose words it has. */
type OwnLine = Omit<Line, 'area'>

/** Who is there for one post tonight. */
export interface PostTonight {
  postId: string
  title: string
  agencyName: string
  onDuty: { name: string; capacity: 'holder' | 'deputy'; channels: number; testedAt: string | null }[]
}

export interface GroupTonight {
  name: string
  place: string | null
  quorum: number | null
  reviewAt: string | null
  lastMet: string | null
  chair: PostTonight | null
  deputyChair: PostTonight | null
  secretariat: PostTonight | null
  core: { agencyName: string; post: PostTonight | null }[]
  /** Links that begin or end at the group, untested for a year among them. */
  links: number
  untested: number
}

/** A contact test is worth this long, a meeting, a tested link and an agreed structure a year. */
const contactDays = 90
const yearDays = 365
const within = (at: string | null, days: number, now: Date) => at !== null && now.getTime() - new Date(at).getTime() <= days * 86_400_000

const line = (code: string, good: boolean | null, params: OwnLine['params'] = {}): OwnLine => ({
  code,
  state: good === null ? 'unknown' : good ? 'pass' : 'fail',
  params,
})

/** Is somebody there, by two independent channels, and was one of them tried? */
function reachable(part: 'chair' | 'deputyChair' | 'secretariat' | 'member', post: PostTonight | null, now: Date, of: string): OwnLine[] {
  if (post === null) return [line(`${part}NotNamed`, false, { of })]
  const first = post.onDuty[0]
  if (!first) return [line(`${part}Nobody`, false, { post: post.title, of })]
  return [
    line(part, true, { post: post.title, of, name: first.name }),
    ...(first.channels < 2 ? [line('oneChannel', false, { post: post.title, of, channels: first.channels })] : []),
    ...(within(first.testedAt, contactDays, now)
      ? []
      : [line(first.testedAt === null ? 'contactNeverTested' : 'contactTestOld', false, { post: post.title, of })]),
    ...(post.onDuty.length < 2 ? [line('noDeputyTonight', false, { post: post.title, of })] : []),
  ]
}

/** The lines of structure: what holds and what does not, each with what was looked at; what nobody looked at is said too. */
export function linesOf(group: GroupTonight, now: Date): OwnLine[] {
  const there = group.core.filter(({ post }) => (post?.onDuty.length ?? 0) > 0).length
  return [
    ...reachable('chair', group.chair, now, group.name),
    ...reachable('deputyChair', group.deputyChair, now, group.name),
    ...reachable('secretariat', group.secretariat, now, group.name),
    group.quorum === null
      ? line('noQuorumAgreed', false, { there, core: group.core.length })
      : line('quorum', there >= group.quorum, { there, core: group.core.length, quorum: group.quorum }),
    ...group.core.flatMap(({ agencyName, post }) => reachable('member', post, now, agencyName)),
    line(group.place === null ? 'noPlace' : 'place', group.place !== null, { place: group.place ?? '' }),
    line(group.lastMet === null ? 'neverMet' : 'met', within(group.lastMet, yearDays, now), { at: group.lastMet ?? '' }),
    line(group.reviewAt === null ? 'reviewNeverAgreed' : 'review', group.reviewAt !== null && new Date(group.reviewAt) > now, {
      at: group.reviewAt ?? '',
    }),
    group.links === 0
      ? line('noLinks', false)
      : line('linksTested', group.untested === 0, { links: group.links, untested: group.untested }),
    line('roomsNotTried', null),
  ]
}
