import { useState } from 'react'
import { Button } from '#core/web/button.tsx'
import { Checkbox, Choices, Select, TextField, TimeField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { useWords } from '#core/web/words.ts'
import { type Seat, SeatState, seatStates, takeSeat } from '../contract.ts'

interface SeatFormWords {
  incidentId: string
  /** The seat that is set; several: the agency is chosen first. */
  seats: readonly Seat[]
  agencyId: string | null
  own: boolean
  onDone: () => void
}

/** Where an agency stands: five answers, one tick for authority, a reason where one is owed. */
export function SeatForm({ incidentId, seats, agencyId, own, onDone }: SeatFormWords) {
  const t = useWords('response')
  const take = useCommandOf(takeSeat, { title: t('seat.own'), changes: ['response.seats', 'response.log_entries'] })
  const [chosen, choose] = useState(agencyId ?? '')
  const seat = seats.find((one) => one.agencyId === chosen)
  const [state, setState] = useState<Seat['state']>(seat?.state === 'expected' || !seat ? 'present' : seat.state)
  const [authority, setAuthority] = useState(seat?.withAuthority ?? true)
  const here = state === 'present' || state === 'virtual'
  const save = async (values: Record<string, string>) => {
    const occurred = values.lateReason ? { occurredAt: values.occurredAt, lateReason: values.lateReason } : {}
    const done = await take.run({
      incidentId,
      agencyId: chosen,
      state,
      withAuthority: here ? authority : true,
      reason: values.reason ?? '',
      ...occurred,
    })
    if (done.state !== 'refused') onDone()
  }
  return (
    <Form label={t('seat.setOther')} problem={take.problem} onSubmit={(values) => void save(values)}>
      {agencyId === null ? (
        <Select
          name="agencyId"
          label={t('seat.agency')}
          required
          value={chosen}
          onChange={choose}
          choices={seats.map((one) => ({ id: one.agencyId, words: one.agencyName }))}
        />
      ) : null}
      <Choices
        label={t(own ? 'seat.whereOwn' : 'seat.where')}
        required
        value={state}
        onChange={(id) => setState(SeatState.parse(id))}
        choices={seatStates.filter((one) => !own || one !== 'expected').map((one) => ({ id: one, words: t(`seat.${one}1`) }))}
      />
      {here ? <Checkbox label={t('seat.authority')} selected={authority} onChange={setAuthority} /> : null}
      <TextField name="reason" label={t('seat.reason')} help={t('seat.reasonHelp')} required={state === 'absent'} maxLength={1000} />
      {own ? null : (
        <>
          <TimeField name="occurredAt" label={t('seat.occurredAt')} />
          <TextField name="lateReason" label={t('seat.lateReason')} help={t('timeline.lateHelp')} />
        </>
      )}
      <FormButtons>
        <Button type="submit" kind="primary" busy={take.state === 'sending'}>
          {t('seat.save')}
        </Button>
      </FormButtons>
    </Form>
  )
}
