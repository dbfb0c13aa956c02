import { useState } from 'react'
import { Moment } from '#core/web/age.tsx'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Choices, Select, TextField, TimeField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { Problem } from '#core/web/problem.tsx'
import { worldNow } from '#core/web/time.ts'
import { useWords } from '#core/web/words.ts'
import { endHolding, type Holding, setHolding } from '../../directory/contract.ts'
import type { People } from '../contract.ts'

const changes = ['structure.holdings', 'structure.findings']
const always = 'always'

interface PostWords {
  id: string
  title: string
  holdings: readonly Holding[]
}

/** Who holds a post, since when and as what: one more, or an end. */
export function Holders({ post, known }: { post: PostWords; known: People }) {
  const t = useWords('structure')
  return (
    <DialogButton words={t('people.holders')} title={t('people.holdersOf', { post: post.title })}>
      {() => (
        <div className="stack">
          {post.holdings.length === 0 ? null : <Now post={post} />}
          <Hold key={post.holdings.map(({ id }) => id).join()} post={post} known={known} />
        </div>
      )}
    </DialogButton>
  )
}

function Now({ post }: { post: PostWords }) {
  const t = useWords('structure')
  const end = useCommandOf(endHolding, { changes })
  return (
    <section aria-label={t('people.holderNow')}>
      {end.problem ? <Problem problem={end.problem} /> : null}
      {post.holdings.map(({ id, name, capacity, hours, fromAt, untilAt }) => (
        <div key={id} className="row">
          <span>
            <strong>{name}</strong>, {t(`people.capacities.${capacity}`)}
            {hours === null ? '' : `, ${hours}`}. {t('people.since')} <Moment at={fromAt} />
            {untilAt === null ? null : (
              <>
                {' '}
                {t('people.until')} <Moment at={untilAt} />
              </>
            )}
          </span>
          <Button busy={end.state === 'sending'} onPress={() => void end.run({ holdingId: id })}>
            {t('people.end')}
            <span className="unseen">: {name}</span>
          </Button>
        </div>
      ))}
      <p className="soft">{t('people.ended')}</p>
    </section>
  )
}

function Hold({ post, known }: { post: PostWords; known: People }) {
  const t = useWords('structure')
  const set = useCommandOf(setHolding, { changes })
  const [capacity, choose] = useState<Holding['capacity']>('holder')
  return (
    <Form
      label={t('people.hold')}
      problem={set.problem}
      onSubmit={({ personId = '', rank = '1', hours = always, fromAt = '' }) =>
        void set.run({
          postId: post.id,
          personId,
          capacity,
          rank: Number(rank),
          fromAt,
          ...(hours === always ? {} : { hours }),
        })
      }
    >
      <Select
        name="personId"
        label={t('people.person')}
        required
        choices={known.people
          .filter(({ leftAt }) => leftAt === null)
          .map(({ id, name, agencyName }) => ({ id, words: name, more: agencyName }))}
      />
      <Choices
        name="capacity"
        label={t('people.capacity')}
        required
        value={capacity}
        onChange={(id) => choose(id === 'deputy' ? 'deputy' : 'holder')}
        choices={(['holder', 'deputy'] as const).map((id) => ({ id, words: t(`people.capacities.${id}`) }))}
      />
      {capacity === 'deputy' ? (
        <TextField
          name="rank"
          label={t('people.order')}
          help={t('people.orderHelp')}
          type="number"
          inputMode="numeric"
          defaultValue="1"
          required
        />
      ) : null}
      <TimeField name="fromAt" label={t('people.since')} help={t('people.sinceHelp')} defaultAt={worldNow().toISOString()} required />
      {known.hours.length === 0 ? null : (
        <Select
          name="hours"
          label={t('people.hours')}
          defaultValue={always}
          choices={[{ id: always, words: t('people.always') }, ...known.hours.map(({ code, words }) => ({ id: code, words }))]}
        />
      )}
      <FormButtons>
        <Button type="submit" kind="primary" busy={set.state === 'sending'}>
          {t('people.hold')}
        </Button>
      </FormButtons>
    </Form>
  )
}
