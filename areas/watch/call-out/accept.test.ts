import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { mountAcceptPage, mountCallbacks } from '#areas/watch/area.ts'
import { performAs, registry, startDuties, watchFor } from '#areas/watch/testing.ts'
import { readConfig } from '#core/config.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { buildServer } from '#core/http/server.ts'
import { startPhoneGateway } from '../../../tests/gateways/phone-gateway.ts'
import { startSmtpSink } from '../../../tests/gateways/smtp-sink.ts'
import { startWebhookReceiver } from '../../../tests/gateways/webhook-receiver.ts'
import { type Activation, activation, type Board, callOutTest, standDown } from '../activation/contract.ts'

let city: TestCity
let watch: ReturnType<typeof watchFor>
let officer: TestHolder
let holder: TestHolder
let deputy: TestHolder
let mail: Awaited<ReturnType<typeof startSmtpSink>>
let phone: Awaited<ReturnType<typeof startPhoneGateway>>
let hook: Awaited<ReturnType<typeof startWebhookReceiver>>
let server: Awaited<ReturnType<typeof buildServer>>
let duties: Awaited<ReturnType<typeof startDuties>>
let url: string
let world: string
const secret = 'whsec_dGVzdHRlc3R0ZXN0dGVzdHRlc3Q='

const boardOf = (activationId: string) => performAs<Board>(city, officer, activation, { activationId }, world)
/** Asks Hal again, and finds his newest mail: the link, the code. */
async function callHal() {
  const before = mail.received.length
  const { id } = await performAs<Activation>(city, officer, callOutTest, { postIds: [holder.postId] }, world)
  const sent = await duties.until(() =>
    mail.received.slice(before).find((each) => each.to[0] === 'hal@people.example' && /\/a\//.test(each.text)),
  )
  const link = /http:\/\/\S+\/a\/[\w-]+/.exec(sent.text.replaceAll('=\r\n', ''))?.[0] ?? ''
  return { id, link, sent, code: /reply code is (\d{6})/.exec(sent.text)?.[1] ?? '' }
}
const answer = (link: string, form: Record<string, string>) =>
  fetch(link, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' })
const until = (id: string, state: string) => duties.until(async () => (await boardOf(id)).callOuts[0]?.state === state)
const over = async (id: string) => {
  await performAs(city, officer, standDown, { activationId: id, reason: 'Tried.' }, world)
  await until(id, 'stood-down')
}

beforeAll(async () => {
  city = await testCity()
  watch = watchFor(city)
  const structure = structureFor(city)
  await watch.founded()
  const office = await structure.agency('Office')
  const ambulance = await structure.agency('Ambulance & <b>Rescue</b>')
  await watch.callBack(office, '+44 1632 960015')
  officer = await structure.holder('Wanda Watch', office, 'watch-officer')
  holder = await structure.holder('Hal Holder', ambulance, 'duty')
  deputy = await structure.holder('Dee Deputy', ambulance, 'loggist')
  await watch.holds(deputy.personId, holder.postId, 'deputy')
  await watch.contact(holder.personId, 'mail', 'hal@people.example', 1)
  await watch.contact(holder.personId, 'sms', '+447700900000', 2)
  await watch.contact(deputy.personId, 'webhook', 'dee', 1)
  await city.owner.query("update access.account set language = 'fr' where person = $1", [deputy.personId])
  mail = await startSmtpSink()
  phone = await startPhoneGateway({ inboundSecret: 'gateway-secret' })
  hook = await startWebhookReceiver({ secret })
  world = await watch.exercise()
  server = await buildServer({ database: city.database, registry, config: readConfig({ port: '0' }, {}), log: false })
  mountAcceptPage(server, city.database, { unknownPerMinute: 8 })
  mountCallbacks(server, city.database, { sms: 'gateway-secret', webhook: secret })
  await server.listen({ port: 0, host: '127.0.0.1' })
  const address = server.addresses()[0] as { port: number }
  url = `http://127.0.0.1:${address.port}`
  duties = await startDuties(city.database, {
    CONCORD_PUBLIC_URL: url,
    CONCORD_EXERCISE_MAIL_URL: mail.url,
    CONCORD_EXERCISE_MAIL_FROM: 'concord@exercise.example',
    CONCORD_EXERCISE_SMS_URL: `${phone.url}/sms`,
    CONCORD_EXERCISE_WEBHOOK_URL: hook.url,
    CONCORD_EXERCISE_WEBHOOK_SECRET: secret,
  })
})
afterAll(async () => {
  await duties?.stop()
  await server?.close()
  await Promise.all([mail?.close(), phone?.close(), hook?.close()])
  await city?.end()
})

describe('the page behind the link', () => {
  test('shows post, agency and whom to ring, works without script, and is small; nothing of the incident', async () => {
    const { id, link, sent } = await callHal()
    expect(sent.header('subject')).toMatch(/EXERCISE/)
    const response = await fetch(link)
    const html = await response.text()
    const style = await (await fetch(`${url}/a/style.css`)).text()
    expect(response.status).toBe(200)
    expect(html.length + style.length).toBeLessThan(60 * 1024)
    expect(html).toContain('duty (Hal Holder)')
    expect(html).toContain('Ambulance &amp; &lt;b&gt;Rescue&lt;/b&gt;')
    expect(html).toContain('tel:+441632960015')
    expect(html).toContain('EXERCISE EXERCISE EXERCISE')
    expect(html).not.toMatch(/<script|onload|style=|test of the call-out/i)
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    expect(response.headers.get('set-cookie')).toBeNull()
    await over(id)
    expect(await (await fetch(link)).text()).toContain('This call-out is over')
  })

  test('a mail scanner that opens every link, in every way but POST, changes nothing', async () => {
    const { id, link } = await callHal()
    for (const method of ['GET', 'HEAD', 'OPTIONS']) await fetch(link, { method })
    for (const query of ['?answer=accepted', '?answer=declined&reason=x']) await (await fetch(link + query)).text()
    await duties.runner.runDue()
    const board = await boardOf(id)
    expect(board.answers).toEqual([])
    expect(board.callOuts[0]?.state).toBe('asking')
    await over(id)
  })

  test('accept is one button; the page then says what to do next, and the same again changes nothing', async () => {
    const { id, link } = await callHal()
    const posted = await answer(link, { answer: 'accepted', reason: '' })
    expect(posted.status).toBe(303)
    const html = await (await fetch(link)).text()
    expect(html).toContain('Your acceptance is recorded')
    expect(html).toContain('Sign in to take your seat')
    await until(id, 'accepted')
    await answer(link, { answer: 'accepted' })
    await answer(link, { answer: 'declined', reason: 'changed my mind' })
    await duties.runner.runDue()
    const board = await boardOf(id)
    expect(board.callOuts[0]).toMatchObject({ state: 'accepted', acceptedBy: 'Hal Holder' })
    expect(board.answers.filter((each) => each.answer === 'accepted')).toHaveLength(1)
    await over(id)
  })

  test('call me stops nothing and is shown to the desk; a decline asks the deputy at once, who may still be joined', async () => {
    const { id, link } = await callHal()
    await answer(link, { answer: 'call-me' })
    await duties.until(async () => (await boardOf(id)).answers.some((each) => each.answer === 'call-me'))
    expect((await boardOf(id)).callOuts[0]?.state).toBe('asking')
    await answer(link, { answer: 'declined', reason: 'On scene elsewhere' })
    const asked = await duties.until(() => hook.received.find((each) => each.to === 'dee'))
    expect(asked.text).toMatch(/^EXERCISE EXERCISE EXERCISE/)
    const french = await (await fetch(asked.link ?? '')).text()
    expect(french).toContain('lang="fr"')
    expect(french).toContain('J’accepte')
    // The receiver acknowledges, signed; then the holder changes their mind: both are shown, the first wins.
    expect(await hook.acknowledge(asked, 'accepted', undefined, `${url}/channels/webhook/callback`)).toBe(200)
    await until(id, 'accepted')
    expect((await boardOf(id)).callOuts[0]?.acceptedBy).toBe('Dee Deputy')
    expect(await (await fetch(link)).text()).toContain('It is recorded that you cannot')
    await over(id)
  })

  test('an expired link records nothing and says whom to ring', async () => {
    const { id, link } = await callHal()
    await watch.passes(world, 25 * 60)
    expect(await (await fetch(link)).text()).toContain('This link is too old')
    await answer(link, { answer: 'accepted' })
    await duties.runner.runDue()
    expect((await boardOf(id)).answers).toEqual([])
    await over(id)
  })
})

describe('answers by other ways', () => {
  test('a reply code answers its own ask; a code that is nobody’s, or a gateway without its secret, changes nothing', async () => {
    const { id, code } = await callHal()
    const callback = { callback: `${url}/channels/sms/callback`, to: '+447700900000' }
    expect(await phone.reply(callback, '000000 YES')).toBe(200)
    const forged = await fetch(callback.callback, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from: callback.to, text: `${code} YES` }),
    })
    expect(forged.status).toBe(401)
    await duties.runner.runDue()
    expect((await boardOf(id)).answers).toEqual([])
    expect(await phone.reply(callback, `${code} maybe`)).toBe(200)
    await duties.until(async () => (await boardOf(id)).answers.some((each) => each.answer === 'unclear'))
    expect((await boardOf(id)).callOuts[0]?.state).toBe('asking')
    expect(await phone.reply(callback, `${code} YES`)).toBe(200)
    await until(id, 'accepted')
    await over(id)
  })

  test('a webhook with another secret is refused, and a receipt does not stop the escalation', async () => {
    const { id } = await callHal()
    const key = (await city.owner.query('select key from watch.asks where activation_id = $1', [id])).rows[0].key as string
    const post = (type: string, by: string) => {
      const body = JSON.stringify({ type, data: { key } })
      const stamp = String(Math.floor(Date.now() / 1000))
      const mac = createHmac('sha256', Buffer.from(by.slice(6), 'base64'))
        .update(`id-${type}.${stamp}.${body}`)
        .digest('base64')
      const headers = {
        'content-type': 'application/json',
        'webhook-id': `id-${type}`,
        'webhook-timestamp': stamp,
        'webhook-signature': `v1,${mac}`,
      }
      return fetch(`${url}/channels/webhook/callback`, { method: 'POST', headers, body })
    }
    expect((await post('accepted', 'whsec_b3RoZXJvdGhlcm90aGVyb3RoZXI=')).status).toBe(401)
    expect((await post('read', secret)).status).toBe(200)
    await duties.until(async () => (await boardOf(id)).asks[0]?.state === 'read')
    expect((await boardOf(id)).callOuts[0]?.state).toBe('asking')
    await over(id)
    expect(duties.errors).toEqual([])
  })
})

describe('guessing', () => {
  test('a forged or unknown link finds a page that tells nothing, and soon no page at all', async () => {
    const statuses: number[] = []
    for (let n = 0; n < 12; n += 1) statuses.push((await fetch(`${url}/a/${'x'.repeat(42)}${n}`)).status)
    expect(statuses.slice(0, 7).every((status) => status === 404)).toBe(true)
    expect(statuses.at(-1)).toBe(429)
    expect((await answer(`${url}/a/${'y'.repeat(43)}`, { answer: 'accepted' })).status).toBe(429)
  })

  test('only the hash of a link is in the database, nowhere its text once it is sent', async () => {
    const found = await city.owner.query(
      "select count(*)::int as n from record.entry where convert_from(content, 'UTF8') ~ '/a/' or convert_from(content, 'UTF8') ~ '\\+4477009000'",
    )
    // The one number that the ledger holds is the contact itself, written by the structure.
    expect(found.rows[0].n).toBeLessThanOrEqual(1)
  })
})
