import { readFileSync } from 'node:fs'
import type pg from 'pg'
import { benchCity } from '../city.ts'
import { type BenchLine, median, rounded } from '../measure.ts'

/** The function as it was before markings were held against a scheme, under another name. */
function before(): string {
  const first = readFileSync(new URL('../../core/access/sql/0001-access.sql', import.meta.url), 'utf8')
  const [, text = ''] = /(create function access\.intern\(.*?end \$\$;)/s.exec(first) ?? []
  return text.replace('access.intern(', 'access.intern_before(')
}

/** Microseconds a call, the median of five rounds: `form` makes the label's clauses of the loop's number. */
async function each(owner: pg.Client, name: string, form: string, calls: number): Promise<number> {
  const rounds: number[] = []
  for (let round = 0; round < 5; round += 1) {
    const began = process.hrtime.bigint()
    await owner.query(
      `do $$ begin for n in 1 .. ${calls} loop perform access.${name}(${form.replaceAll('ROUND', String(round))}, 'OFFICIAL-SENSITIVE [PERSONAL DATA] // TLP:AMBER'); end loop; end $$`,
    )
    rounds.push(Number(process.hrtime.bigint() - began) / 1000 / calls)
  }
  return median(rounds)
}

/**
 * What a command pays for its label: the number of one that is known (nearly always), and of one that is new, against the same function before markings
 * were held against the city's scheme and ceiling. Goal: what is known costs no more than a tenth more.
 */
export async function run({ quick }: { quick: boolean }): Promise<BenchLine[]> {
  const bench = await benchCity()
  try {
    await bench.owner.query(before())
    await bench.owner.query('alter function access.intern_before(jsonb, text) owner to concord_owner')
    const calls = quick ? 2_000 : 10_000
    const known = `'[["agency:bench", "kind:inquiry"]]'::jsonb`
    const fresh = (name: string) => `jsonb_build_array(jsonb_build_array('agency:${name}-ROUND-' || n))`
    // Both know the same label before either is measured.
    await each(bench.owner, 'intern', known, 10)
    const was = await each(bench.owner, 'intern_before', known, calls)
    const is = await each(bench.owner, 'intern', known, calls)
    const newWas = await each(bench.owner, 'intern_before', fresh('before'), calls / 20)
    const newIs = await each(bench.owner, 'intern', fresh('now'), calls / 20)
    return [
      { bench: 'markings', what: 'a known label', microseconds: rounded(is), before: rounded(was), ratio: rounded(was / is), goal: 0.9 },
      { bench: 'markings', what: 'a new label', microseconds: rounded(newIs), before: rounded(newWas), ratio: rounded(newWas / newIs) },
    ]
  } finally {
    await bench.end()
  }
}
