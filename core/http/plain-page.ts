import type { FastifyReply, FastifyRequest } from 'fastify'

/** A page of the server's own, for when there is no script: plain words, one form. Everything in it is escaped. */
export interface PlainPage {
  language: 'en' | 'fr'
  title: string
  lines: readonly string[]
  /** A button that posts to this very address (or to `action`), with these hidden fields. */
  button?: { words: string; action?: string; fields?: Readonly<Record<string, string>> }
  link?: { words: string; to: string }
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)

export const languageOf = (request: FastifyRequest): 'en' | 'fr' => {
  const wished = (request.headers['accept-language'] ?? '').split(',').map((part) => part.trim().slice(0, 2).toLowerCase())
  return wished.find((tag) => tag === 'en' || tag === 'fr') === 'fr' ? 'fr' : 'en'
}

export function plainHtml({ language, title, lines, button, link }: PlainPage): string {
  const fields = Object.entries(button?.fields ?? {}).map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  )
  const form = button
    ? `<form method="post"${button.action ? ` action="${escaped(button.action)}"` : ''}>${fields.join('')}<button type="submit">${escaped(button.words)}</button></form>`
    : ''
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${escaped(title)} · Concord</title><link rel="stylesheet" href="${plainStylePath}"></head>
<body><main><h1>${escaped(title)}</h1>
${lines.map((line) => `<p>${escaped(line)}</p>`).join('\n')}
${form}
${link ? `<p><a href="${escaped(link.to)}">${escaped(link.words)}</a></p>` : ''}
</main></body></html>
`
}

export function sendPlain(reply: FastifyReply, page: PlainPage, status = 200): FastifyReply {
  // So that the form below says which site it came from; the address holds a key, so it goes to no other site.
  return reply.code(status).header('referrer-policy', 'same-origin').type('text/html; charset=utf-8').send(plainHtml(page))
}

export const plainStylePath = '/plain.css'
export const plainStyle = `:root{color-scheme:light dark}
body{margin:0;font:1.0625rem/1.5 system-ui,sans-serif;color:#16202b;background:#f4f2ec}
main{max-width:34rem;margin:0 auto;padding:2rem 1.25rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 1rem}
button{font:inherit;font-weight:600;min-height:3rem;width:100%;padding:.5rem 1rem;border:0;border-radius:4px;color:#fff;background:#0b4a8f}
button:focus-visible,a:focus-visible{outline:3px solid #b25b00;outline-offset:2px}
a{color:#0b4a8f}
@media (prefers-color-scheme:dark){body{color:#e8e6df;background:#12181f}button{color:#0d141b;background:#8fc1f5}a{color:#8fc1f5}}
`
