import { Button } from '#core/web/button.tsx'
import { Select } from '#core/web/fields.tsx'
import { useWords } from '#core/web/words.ts'
import type { Party } from '../contract.ts'

/** Posts through which an agency acts in a crisis; the other choice is everybody of the agency. */
const acting: Party['use'] = [
  'executive',
  'duty',
  'watch-officer',
  'secretariat',
  'chair',
  'loggist',
  'communications',
  'data-protection',
  'legal-adviser',
]

interface Words {
  agencies: readonly { id: string; name: string }[]
  parties: readonly Party[]
  onChange: (parties: Party[]) => void
}

/** The parties, each with who uses it, who signs and what it sees of before. */
export function Parties({ agencies, parties, onChange }: Words) {
  const t = useWords('sharing')
  const change = (agencyId: string, more: Partial<Party>) =>
    onChange(parties.map((party) => (party.agencyId === agencyId ? { ...party, ...more } : party)))
  const others = agencies.filter(({ id }) => !parties.some(({ agencyId }) => agencyId === id))
  return (
    <div className="stack">
      {parties.map((party) => {
        const name = agencies.find(({ id }) => id === party.agencyId)?.name ?? party.agencyId
        return (
          <fieldset key={party.agencyId} className="row">
            <legend>{name}</legend>
            <Select
              label={t('party.use')}
              value={party.use.length === 0 ? 'everybody' : 'acting'}
              onChange={(id) => change(party.agencyId, { use: id === 'everybody' ? [] : acting })}
              choices={[
                { id: 'everybody', words: t('party.everybody') },
                { id: 'acting', words: t('party.acting') },
              ]}
            />
            <Select
              label={t('party.sign')}
              value={party.sign.join(' ')}
              onChange={(id) => change(party.agencyId, { sign: id.split(' ') as Party['sign'] })}
              choices={['executive', 'executive data-protection', 'legal-adviser'].map((id) => ({
                id,
                words: id
                  .split(' ')
                  .map((kind) => t(`post.${kind}`))
                  .join(', '),
              }))}
            />
            <Select
              label={t('party.sees')}
              value={party.past}
              onChange={(id) => change(party.agencyId, { past: id as Party['past'] })}
              choices={[
                { id: 'all', words: t('party.past.all') },
                { id: 'from-joining', words: t('party.past.from-joining') },
              ]}
            />
            <Button
              aria-label={t('party.remove', { name })}
              onPress={() => onChange(parties.filter(({ agencyId }) => agencyId !== party.agencyId))}
            >
              {t('party.removeShort')}
            </Button>
          </fieldset>
        )
      })}
      <Select
        key={parties.length}
        label={t('party.add')}
        choices={others.map(({ id, name }) => ({ id, words: name }))}
        onChange={(agencyId) => onChange([...parties, { agencyId, use: [], sign: ['executive'], past: 'all' }])}
      />
    </div>
  )
}
