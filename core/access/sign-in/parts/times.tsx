import { Button } from '#core/web/button.tsx'
import { TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf, useQueryOf } from '#core/web/hooks.ts'
import { Section } from '#core/web/page.tsx'
import { Problem } from '#core/web/problem.tsx'
import { useWords } from '#core/web/words.ts'
import { rule, setRule } from '../contract.ts'

const names = ['session', 'idle', 'strong', 'link', 'plea'] as const

/** How long sessions, step-ups, links and pleas last. */
export function Times() {
  const t = useWords('access')
  const now = useQueryOf(rule, {})
  const set = useCommandOf(setRule)
  const submit = (values: Record<string, string>) => {
    const minutes = Object.fromEntries(names.map((name) => [name, Number(values[name])])) as Record<(typeof names)[number], number>
    void set.run(minutes)
  }
  return (
    <Section title={t('administration.rule')}>
      {now.error ? <Problem problem={now.error} /> : null}
      {now.data ? (
        <Form label={t('administration.rule')} problem={set.problem} onSubmit={submit}>
          {names.map((name) => (
            <TextField
              key={name}
              name={name}
              label={t(`administration.${name}`)}
              inputMode="numeric"
              defaultValue={String(now.data[name])}
              required
            />
          ))}
          <FormButtons>
            <Button type="submit" busy={set.state === 'sending'}>
              {t('administration.set')}
            </Button>
          </FormButtons>
          <p role="status">{set.state === 'done' ? t('administration.done') : ''}</p>
        </Form>
      ) : null}
    </Section>
  )
}
