import { useState } from 'react'
import { newKey } from '#core/web/client.ts'
import { Button } from '#core/web/button.tsx'
import { Choices, Select, TextField } from '#core/web/fields.tsx'
import { Form, FormButtons } from '#core/web/form.tsx'
import { type End, type LinkKind, linkKinds, type Network } from '../../network/contract.ts'
import {
  addLink,
  addSeat,
  changeLink,
  moveSeat,
  type Office,
  setOffice,
  setQuorum,
  setSeatPost,
  setStanding,
} from '../../network/rules/changes.ts'
import type { Link } from '../rules/links.ts'
import type { NetworkWords } from './words.tsx'

type Seat = Network['memberships'][number]
/** Does it to the draft and says so; false when it was refused, and the form stays with what was written. */
export type Do = (deed: (network: Network) => Network, words: string) => boolean

interface FormParts {
  network: Network
  words: NetworkWords
  act: Do
  close: () => void
}

const nothing = 'none'

export const endOf = (network: Network, id: string): End | null =>
  network.groups.some((row) => row.id === id)
    ? { kind: 'group', id }
    : network.posts.some((row) => row.id === id)
      ? { kind: 'post', id }
      : network.agencies.some((row) => row.id === id)
        ? { kind: 'agency', id }
        : null

/** A link, new or changed. From a drag both ends are known already. */
export function LinkForm({ network, words, act, close, link, from, to }: FormParts & { link?: Link; from?: string; to?: string }) {
  const { t, name } = words
  const [ends, setEnds] = useState({ from: link?.from.id ?? from ?? '', to: link?.to.id ?? to ?? '' })
  const [kind, setKind] = useState<LinkKind>(link?.kind ?? 'informs')
  const [primary, setPrimary] = useState(link?.primaryMediumId ?? nothing)
  const [backup, setBackup] = useState(link?.backupMediumId ?? nothing)
  const isNew = link === undefined
  const choices = [
    ...network.groups.map(({ id, name: words1, tier }) => ({ id, words: words1, more: t(`tier.${tier}`) })),
    ...network.posts.map(({ id, title, agencyId }) => ({ id, words: title, more: name(agencyId) })),
    ...network.agencies.map(({ id, name: words1 }) => ({ id, words: words1 })),
  ]
  const media = [{ id: nothing, words: t('draft.none') }, ...network.media.map(({ id, name: words1 }) => ({ id, words: words1 }))]
  const keep = ({ carries = '' }: Record<string, string>) => {
    const more = {
      kind,
      primaryMediumId: primary === nothing ? null : primary,
      backupMediumId: backup === nothing ? null : backup,
      carries: carries.split(',').flatMap((word) => word.trim() || []),
    }
    const [one, other] = [endOf(network, ends.from), endOf(network, ends.to)]
    const told = t('difference.called.link', { name: name(ends.from), kind: t(`linkKind.${kind}`), with: name(ends.to) })
    const kept = act(
      (draft) =>
        link
          ? changeLink(draft, link.id, more)
          : addLink(draft, {
              id: newKey(),
              from: one ?? { kind: 'group', id: ends.from },
              to: other ?? { kind: 'group', id: ends.to },
              ...more,
            }),
      told,
    )
    if (kept) close()
  }
  return (
    <Form label={t('draft.linkTitle')} onSubmit={keep}>
      {isNew ? (
        <>
          <Select label={t('draft.from')} required value={ends.from} onChange={(id) => setEnds({ ...ends, from: id })} choices={choices} />
          <Select label={t('draft.to')} required value={ends.to} onChange={(id) => setEnds({ ...ends, to: id })} choices={choices} />
        </>
      ) : (
        <p>{words.link(link)}</p>
      )}
      <Choices
        label={t('draft.kind')}
        required
        value={kind}
        onChange={(id) => setKind(id as LinkKind)}
        choices={linkKinds.map((id) => ({ id, words: t(`linkKind.${id}`) }))}
      />
      <Select label={t('draft.primary')} required value={primary} onChange={setPrimary} choices={media} />
      <Select label={t('draft.backup')} required value={backup} onChange={setBackup} choices={media} />
      <TextField name="carries" label={t('draft.carries')} defaultValue={link?.carries.join(', ') ?? ''} />
      <FormButtons>
        <Button type="submit" kind="primary">
          {t('draft.keep')}
        </Button>
      </FormButtons>
    </Form>
  )
}

export function SeatForm({ network, words, act, close, seat, groupId }: FormParts & { seat?: Seat; groupId?: string }) {
  const { t, name } = words
  const [group, setGroup] = useState(seat?.groupId ?? groupId ?? network.groups[0]?.id ?? '')
  const [agency, setAgency] = useState(seat?.agencyId ?? '')
  const [post, setPost] = useState(seat?.postId ?? nothing)
  const [kind, setKind] = useState<Seat['kind']>(seat?.kind ?? 'core')
  const keep = ({ basis = '' }: Record<string, string>) => {
    const told = t('difference.called.membership', { name: name(agency), with: name(group), kind: t(`standing.${kind}`) })
    const kept = act(
      (draft) =>
        seat
          ? setSeatPost(setStanding(moveSeat(draft, seat.id, group), seat.id, kind), seat.id, post === nothing ? null : post)
          : addSeat(draft, { id: newKey(), groupId: group, agencyId: agency, postId: post === nothing ? null : post, kind, basis }),
      told,
    )
    if (kept) close()
  }
  return (
    <Form label={t('draft.seatTitle')} onSubmit={keep}>
      {seat ? (
        <p>{name(seat.agencyId)}</p>
      ) : (
        <Select
          label={t('draft.agency')}
          required
          value={agency}
          onChange={(id) => {
            setAgency(id)
            setPost(nothing)
          }}
          choices={network.agencies.map(({ id, name: words1 }) => ({ id, words: words1 }))}
        />
      )}
      <Select
        label={t('draft.post')}
        help={t('draft.postHelp')}
        required
        value={post}
        onChange={setPost}
        choices={[
          { id: nothing, words: t('draft.none') },
          ...network.posts.filter(({ agencyId }) => agencyId === agency).map(({ id, title }) => ({ id, words: title })),
        ]}
      />
      <Select
        label={t('draft.group')}
        required
        value={group}
        onChange={setGroup}
        choices={network.groups.map(({ id, name: words1 }) => ({ id, words: words1 }))}
      />
      <Choices
        label={t('draft.standing')}
        required
        value={kind}
        onChange={(id) => setKind(id as Seat['kind'])}
        choices={(['core', 'standing', 'invitee'] as const).map((id) => ({ id, words: t(`standing.${id}`) }))}
      />
      {seat ? null : <TextField name="basis" label={t('draft.basis')} required />}
      <FormButtons>
        <Button type="submit" kind="primary">
          {t('draft.keep')}
        </Button>
      </FormButtons>
    </Form>
  )
}

const offices = [
  { office: 'chairPostId', words: 'groups.chair' },
  { office: 'deputyChairPostId', words: 'groups.deputyChair' },
  { office: 'secretariatPostId', words: 'groups.secretariat' },
] as const satisfies readonly { office: Office; words: string }[]

export function OfficesForm({ network, words, act, close, group }: FormParts & { group: Network['groups'][number] }) {
  const { t, name } = words
  const [chosen, choose] = useState<Record<Office, string>>({
    chairPostId: group.chairPostId ?? nothing,
    deputyChairPostId: group.deputyChairPostId ?? nothing,
    secretariatPostId: group.secretariatPostId ?? nothing,
  })
  const seated = new Set(network.memberships.filter(({ groupId }) => groupId === group.id).map(({ agencyId }) => agencyId))
  const first = [...network.posts].sort((one, other) => Number(seated.has(other.agencyId)) - Number(seated.has(one.agencyId)))
  const choices = [
    { id: nothing, words: t('draft.none') },
    ...first.map(({ id, title, agencyId }) => ({ id, words: title, more: name(agencyId) })),
  ]
  const keep = ({ quorum = '' }: Record<string, string>) => {
    // Emptied first, so that chair and deputy can change places.
    const emptied = (draft: Network) => offices.reduce((so, { office }) => setOffice(so, group.id, office, null), draft)
    const filled = (draft: Network) =>
      offices.reduce(
        (so, { office }) => setOffice(so, group.id, office, chosen[office] === nothing ? null : chosen[office]),
        setQuorum(emptied(draft), group.id, quorum.trim() === '' ? null : Number(quorum)),
      )
    if (act(filled, `${group.name}: ${t('draft.officesKept')}`)) close()
  }
  return (
    <Form label={t('draft.officesTitle', { name: group.name })} onSubmit={keep}>
      {offices.map(({ office, words: key }) => (
        <Select
          key={office}
          label={t(key)}
          required
          value={chosen[office]}
          onChange={(id) => choose({ ...chosen, [office]: id })}
          choices={choices}
        />
      ))}
      <TextField
        name="quorum"
        type="number"
        label={t('picture.quorum')}
        help={t('draft.quorumHelp')}
        defaultValue={group.quorum === null ? '' : String(group.quorum)}
      />
      <FormButtons>
        <Button type="submit" kind="primary">
          {t('draft.keep')}
        </Button>
      </FormButtons>
    </Form>
  )
}
