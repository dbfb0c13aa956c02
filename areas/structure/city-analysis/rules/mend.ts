import type { Network } from '../../network/contract.ts'
import { addLink, addSeat, setMedium, setOffice } from '../../network/rules/changes.ts'
import type { Mend } from '../contract.ts'

/** The network with a mend applied, as a draft would take it over. @param id of the row that comes, where one comes. Errors: those of the deeds. */
export function mended(network: Network, edit: Mend, id: string): Network {
  switch (edit.deed) {
    case 'addLink':
      return addLink(network, {
        id,
        from: edit.from,
        to: edit.to,
        kind: 'liaises',
        primaryMediumId: edit.primaryMediumId,
        backupMediumId: edit.backupMediumId,
        carries: [],
      })
    case 'setMedium':
      return setMedium(network, edit.linkId, edit.which, edit.mediumId)
    case 'setOffice':
      return setOffice(network, edit.groupId, edit.office, edit.postId)
    case 'addSeat':
      return addSeat(network, {
        id,
        groupId: edit.groupId,
        agencyId: edit.agencyId,
        postId: edit.postId,
        kind: 'standing',
        basis: edit.basis,
      })
  }
}
