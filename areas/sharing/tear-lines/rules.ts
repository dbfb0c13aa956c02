import { invalid } from '#core/errors.ts'

/** A releasable version says under which protocol it goes, or to whom and on what basis. Throws invalid, with the field. */
export function refuseIncomplete({
  protocolId,
  agencyIds = [],
  basis = '',
}: {
  protocolId?: string | undefined
  agencyIds?: readonly string[] | undefined
  basis?: string | undefined
}): void {
  if (protocolId !== undefined) {
    if (agencyIds.length > 0)
      throw invalid('agencyIds', 'Under a protocol all its parties read it. Nothing was kept. Leave out the names, or the protocol.')
    return
  }
  if (agencyIds.length === 0) throw invalid('agencyIds', 'An empty audience is nobody. Nothing was kept. Choose who may read it.')
  if (basis.trim().length < 3) throw invalid('basis', 'Without a protocol, say on what basis. Nothing was kept.')
}
