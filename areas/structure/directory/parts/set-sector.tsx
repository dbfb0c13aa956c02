import { useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Select } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { Many } from '#core/web/many.tsx'
import { useWords } from '#core/web/words.ts'
import { sectors } from '../../city-import/rules/sectors.ts'
import type { Agency } from '../../contract.ts'
import { setSector } from '../contract.ts'

/** In which sector several agencies stand; those of which nothing is said come first. */
export function SetSector({ agencies }: { agencies: readonly Agency[] }) {
  const t = useWords('structure')
  return (
    <DialogButton words={t('agencies.setSector')} title={t('agencies.setSector')}>
      {(close) => <Sheet agencies={agencies} close={close} />}
    </DialogButton>
  )
}

function Sheet({ agencies, close }: { agencies: readonly Agency[]; close: () => void }) {
  const t = useWords('structure')
  const set = useCommandOf(setSector, { changes: ['structure.agencies'] })
  const [chosen, choose] = useState<readonly string[]>([])
  const called = (sector: string) => t(`sector.${sector}`, { defaultValue: sector })
  const known = [...new Set<string>([...sectors, ...agencies.flatMap(({ sector }) => sector ?? [])])]
  const inOrder = [...agencies.filter(({ sector }) => sector === null), ...agencies.filter(({ sector }) => sector !== null)]
  return (
    <Form
      label={t('agencies.setSector')}
      problem={set.problem}
      onSubmit={({ sector = '' }) =>
        void set.run({ agencyIds: [...chosen], sector }).then((outcome) => outcome.state === 'done' && close())
      }
    >
      <p className="prose">{t('agencies.sectorMore')}</p>
      <Select
        name="sector"
        label={t('agencies.sector')}
        required
        choices={known.map((id) => ({ id, words: called(id) })).sort((one, other) => one.words.localeCompare(other.words))}
      />
      <Many
        label={t('agencies.title')}
        choices={inOrder.map(({ id, name, sector }) => ({ id, words: sector === null ? name : `${name} (${called(sector)})` }))}
        chosen={chosen}
        onChange={choose}
      />
      <FormButtons>
        <Button type="submit" kind="primary" busy={set.state === 'sending'}>
          {t('agencies.setSectorNow')}
        </Button>
      </FormButtons>
    </Form>
  )
}
