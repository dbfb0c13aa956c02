import { type AcceptWords, acceptWords } from './accept-words.ts'
import type { AskSeen } from './contract.ts'

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escape = (text: string) => text.replaceAll(/[&<>"']/g, (letter) => escapes[letter] ?? '')

export const acceptStyle = `:root{color-scheme:light dark;--ink:#111;--paper:#fff;--soft:#4a4a4a;--line:#767676}
@media (prefers-color-scheme:dark){:root{--ink:#f2f2f2;--paper:#141414;--soft:#c4c4c4;--line:#8a8a8a}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:1.125rem/1.5 system-ui,sans-serif}
main{max-width:34rem;margin:0 auto;padding:1rem}h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0 1rem}h2{font-size:1.125rem;margin:1.5rem 0 .25rem}
.exercise{background:var(--ink);color:var(--paper);font-weight:700;text-align:center;padding:.75rem;margin:0}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem;margin:0 0 1rem}dt{color:var(--soft)}dd{margin:0;font-weight:700}
.soft{color:var(--soft)}.said{border:2px solid var(--ink);padding:.75rem 1rem;font-weight:700}a{color:inherit;font-weight:700}
form{margin:1.25rem 0 0}label{display:block;margin:1.5rem 0 .25rem}input{font:inherit;width:100%;padding:.6rem;border:1px solid var(--line);background:var(--paper);color:var(--ink)}
button{font:inherit;font-weight:700;width:100%;min-height:3.25rem;margin:.5rem 0;border:2px solid var(--ink);background:var(--paper);color:var(--ink);cursor:pointer}
button.first{background:var(--ink);color:var(--paper)}:focus-visible{outline:3px solid var(--ink);outline-offset:3px}
`

function page(language: 'en' | 'fr', title: string, exercise: boolean, body: string): string {
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">
<title>${escape(title)}</title><link rel="stylesheet" href="/a/style.css"></head>
<body>${exercise ? `<p class="exercise">${escape(acceptWords[language].exercise)}</p>` : ''}<main><h1>${escape(title)}</h1>
${body}</main></body></html>
`
}

const said = (text: string) => `<p class="said" role="status">${escape(text)}</p>`

/** The page for a link that leads nowhere, or for too many tries: it says nothing of what exists. */
export function plainPage(language: 'en' | 'fr', word: 'unknown' | 'tooMany'): string {
  const t = acceptWords[language]
  return page(language, t.title, false, said(t[word]))
}

const telephone = (number: string) => `<a href="tel:${escape(number.replaceAll(/[^+\d]/g, ''))}">${escape(number)}</a>`

const buttons = (t: AcceptWords, path: string): string =>
  `<form method="post" action="${escape(path)}">
<button class="first" name="answer" value="accepted">${escape(t.accept)}</button>
<label for="reason">${escape(t.why)}</label><input id="reason" name="reason" maxlength="300" autocomplete="off">
<button name="answer" value="declined">${escape(t.decline)}</button>
<button name="answer" value="call-me">${escape(t.callMe)}</button>
</form>`

/** The page behind a call-out's link: works without script, says post, agency and whom to ring, and nothing of the incident. */
export function acceptPage(seen: AskSeen, path: string): string {
  const language = seen.language === 'fr' ? 'fr' : 'en'
  const t = acceptWords[language]
  const facts = [
    [t.city, seen.city ?? ''],
    [t.post, seen.post],
    [t.agency, seen.agency],
  ].filter(([, value]) => value !== '')
  const head = `<dl>${facts.map(([name = '', value = '']) => `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`).join('')}</dl>`
  const ring = seen.callBack === '' ? '' : `<p>${escape(t.ring)} ${telephone(seen.callBack)}.</p>`
  const next = `<h2>${escape(t.next)}</h2><p><a href="/">${escape(t.signIn)}</a></p><p>${escape(t.changed)}</p>`
  const open = `${seen.filled ? said(t.filled) : ''}<p>${escape(t.means)}</p><p class="soft">${escape(t.nothing)}</p>${buttons(t, path)}`
  const body = () => {
    if (seen.answer === 'accepted' && seen.state !== 'stood-down') return `${said(t.accepted)}${ring}${next}`
    if (seen.state === 'stood-down') return `${said(t.over)}${ring}`
    if (seen.expired) return `${said(t.expired)}${ring}`
    if (seen.answer === 'declined')
      return `${said(t.declined)}${ring}<form method="post" action="${escape(path)}"><button name="answer" value="accepted">${escape(t.accept)}</button></form>`
    return `${seen.answer === 'call-me' ? said(t.callMeNoted) : ''}${ring}${open}`
  }
  return page(language, t.title, seen.worldKind === 'exercise', `${head}${body()}`)
}
