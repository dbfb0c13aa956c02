import { Button } from '#core/web/button.tsx'
import { DialogButton } from '#core/web/dialog.tsx'
import { Checkbox, Choices, Select, TextArea } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { useCommandOf } from '#core/web/hooks.ts'
import { useWords } from '#core/web/words.ts'
import { confirmLead, type LeadClaim, proposeLead } from '../contract.ts'

export interface Chooseable {
  agencyId: string
  agencyName: string
}
const changes = ['response.lead_agencies', 'response.log_entries', 'response.incidents']
const choicesOf = (agencies: readonly Chooseable[]) => agencies.map(({ agencyId, agencyName }) => ({ id: agencyId, words: agencyName }))

/** An agency says who leads, itself or another. */
export function ProposeLead({
  incidentId,
  agencies,
  ownAgencyId,
}: {
  incidentId: string
  agencies: readonly Chooseable[]
  ownAgencyId: string | null
}) {
  const t = useWords('response')
  const propose = useCommandOf(proposeLead, { changes })
  const own = agencies.some(({ agencyId }) => agencyId === ownAgencyId) ? ownAgencyId : null
  return (
    <DialogButton words={t('lead.propose')} title={t('lead.proposeTitle')}>
      {(close) => (
        <Form
          label={t('lead.proposeTitle')}
          problem={propose.problem}
          onSubmit={({ agencyId = '', basis = '' }) =>
            void propose.run({ incidentId, agencyId, basis }).then(({ state }) => state === 'done' && close())
          }
        >
          <p className="prose soft">{t('lead.proposeLead')}</p>
          <Select name="agencyId" label={t('lead.agency')} required choices={choicesOf(agencies)} {...(own ? { defaultValue: own } : {})} />
          <TextArea name="basis" label={t('lead.basis')} help={t('lead.basisHelp')} required rows={3} />
          <FormButtons>
            <Button type="submit" kind="primary" busy={propose.state === 'sending'}>
              {t('lead.put')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}

/** A chair confirms; who has agreed is ticked, so that the record says it. */
export function ConfirmLead({
  incidentId,
  agencies,
  claims,
}: {
  incidentId: string
  agencies: readonly Chooseable[]
  claims: readonly LeadClaim[]
}) {
  const t = useWords('response')
  const confirm = useCommandOf(confirmLead, { changes })
  const open = claims.filter(({ state }) => state === 'proposed' || state === 'contested')
  const sides = [...new Map(open.map((claim) => [claim.agencyId, claim.agencyName]))]
  return (
    <DialogButton words={t('lead.confirm')} kind="primary" title={t('lead.confirmTitle')}>
      {(close) => (
        <Form
          label={t('lead.confirmTitle')}
          problem={confirm.problem}
          onSubmit={({ agencyId = '', note = '', ...ticked }) => {
            const agreedBy = sides.map(([id]) => id).filter((id) => ticked[`agreed-${id}`] !== undefined)
            void confirm.run({ incidentId, agencyId, note, agreedBy }).then(({ state }) => state === 'done' && close())
          }}
        >
          <p className="prose soft">{t('lead.confirmLead')}</p>
          {sides.length > 0 ? (
            <Choices
              name="agencyId"
              label={t('lead.agency')}
              required
              choices={sides.map(([id, words]) => ({ id, words }))}
              {...(sides.length === 1 && sides[0] ? { defaultValue: sides[0][0] } : {})}
            />
          ) : (
            <Select name="agencyId" label={t('lead.agency')} required choices={choicesOf(agencies)} />
          )}
          {sides.length > 1 ? (
            <div className="field" role="group" aria-label={t('lead.agreedBy')}>
              <span className="field-label">{t('lead.agreedBy')}</span>
              {sides.map(([id, name]) => (
                <Checkbox key={id} name={`agreed-${id}`} label={name} />
              ))}
            </div>
          ) : null}
          <TextArea name="note" label={t('lead.note')} help={t('lead.noteHelp')} rows={3} />
          <FormButtons>
            <Button type="submit" kind="primary" busy={confirm.state === 'sending'}>
              {t('lead.confirm')}
            </Button>
          </FormButtons>
        </Form>
      )}
    </DialogButton>
  )
}
