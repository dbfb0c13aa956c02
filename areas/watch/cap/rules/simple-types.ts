/** The XML Schema simple types that CAP uses, by their lexical rules. Each says whether a text is of the type. Pure. */

const collapse = (text: string): string => text.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '')

export function isLanguage(text: string): boolean {
  return /^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*$/.test(collapse(text))
}

export function isInteger(text: string): boolean {
  return /^[+-]?\d+$/.test(collapse(text))
}

export function isDecimal(text: string): boolean {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(collapse(text))
}

/**
 * xs:anyURI: after escaping what may be escaped, an RFC 3986 URI reference. Nearly anything passes; a bare colon in the first part of a
 * relative address, a broken percent escape, a second '#' or an unclosed bracket do not.
 */
export function isAnyUri(text: string): boolean {
  const escaped = collapse(text).replace(/[^\u0021-\u007e]|[<>"{}|\\^`]/gu, '_')
  const match = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(escaped)
  if (match === null) return false
  const [, scheme, authority, path = '', query = '', fragment = ''] = match
  const characters = /^(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*$/
  if (!characters.test(path) || !characters.test(query.replaceAll('?', ''))) return false
  if (!characters.test(fragment.replace(/[?[\]]/g, ''))) return false
  if (scheme === undefined && authority === undefined && /^[^/]*:/.test(path)) return false
  return authority === undefined || isAuthority(authority)
}

function isAuthority(authority: string): boolean {
  const match = /^(?:([^@]*)@)?(\[[^\]]*\]|[^:[]*)(?::(\d+))?$/.exec(authority)
  if (match === null) return false
  const [, user = '', host = '', port = ''] = match
  if (!/^(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*$/.test(user)) return false
  if (port !== '' && Number(port) > 2_147_483_647) return false
  return host.startsWith('[') || /^(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*$/.test(host)
}
