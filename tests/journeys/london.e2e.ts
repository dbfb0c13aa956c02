import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { cap } from '#areas/watch/sources/testing.ts'
import { type City, startCity } from '#apps/server/start-city.ts'
import { readConfig } from '#core/config.ts'
import { type TestCity, testCity } from '#core/db/testing.ts'
import { desk, findings, openBrowser, openWindow, picture, pocket } from '#core/web/testing.ts'
import { startSmtpSink } from '../gateways/smtp-sink.ts'
import { browserIsHere, journeyWeb, why } from './web.ts'

const members = '../shared/data/org/uk_lrf_members.csv'
const there = existsSync(members)
const missing = there ? why : ' (SKIPPED: ../shared/data/org is not here)'

/** Three of London's members, with fictional people in fictional posts, as the lists of the starter sheet write them. */
const three = [
  { agency: 'E23000001', code: 'MET', name: 'Metropolitan Police' },
  { agency: 'E31000046', code: 'FIRE', name: 'London Fire and Emergency Planning Authority' },
  { agency: 'E09000007', code: 'CAMDEN', name: 'Camden' },
] as const
const csv = (...lines: string[]) => Buffer.from(`${lines.join('\n')}\n`)
const filled = [
  {
    name: 'posts.csv',
    mimeType: 'text/csv',
    buffer: csv(
      'Code,Agency code,Kind,Title',
      ...three.map(({ code, agency }) => `${code}-EXE,${agency},executive,Chief officer on call (${code})`),
      'FIRE-WATCH,E31000046,watch-officer,Watch officer (FIRE)',
      'CAMDEN-RES,E09000007,secretariat,Resilience officer (CAMDEN)',
    ),
  },
  {
    name: 'people.csv',
    mimeType: 'text/csv',
    buffer: csv(
      'Code,Name,Agency code,Mail',
      ...three.map(({ code, agency }) => `exe.${code},Executive of ${code},${agency},exe.${code.toLowerCase()}@london.example`),
      'watch.FIRE,Watch of FIRE,E31000046,watch.fire@london.example',
    ),
  },
  {
    name: 'holdings.csv',
    mimeType: 'text/csv',
    buffer: csv(
      'Post code,Person code,Holder or deputy',
      ...three.map(({ code }) => `${code}-EXE,exe.${code},holder`),
      'FIRE-WATCH,watch.FIRE,holder',
    ),
  },
]

/** Everybody goes by what is on the screen: no address is typed but that of the first page. */
describe.skipIf(!there || !browserIsHere)(`a real forum at the screen, from its list to what was observed${missing}`, () => {
  const data = mkdtempSync(join(tmpdir(), 'concord-london-'))
  let city: TestCity
  let served: City
  let browser: Browser
  let mail: Awaited<ReturnType<typeof startSmtpSink>>
  const said: string[] = []
  const odd: string[] = []
  let shown: Page | undefined
  let step = 0
  /** `known`: a page that an e2e of its own looks over already; here it is looked at by eye. */
  const look = async (page: Page, name: string, known = false) => {
    step += 1
    shown = page
    await picture(page, `london-${String(step).padStart(2, '0')}-${name}`)
    if (!known) odd.push(...(await findings(page)).map((line) => `${name}: ${line}`))
  }

  beforeAll(async () => {
    city = await testCity()
    mail = await startSmtpSink()
    const { host = '', port, user, database } = city.config
    Object.assign(process.env, { CONCORD_LIMIT_CALLS: 'off', CONCORD_MAIL_URL: mail.url, CONCORD_MAIL_FROM: 'concord@london.example' })
    const address = `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`
    served = await startCity(
      readConfig(
        { port: '0', data },
        { ...process.env, DATABASE_URL: address, CONCORD_CITY_CODE: 'london', CONCORD_CITY_NAME: 'London', CONCORD_PUBLIC_URL: undefined },
      ),
      { demo: false, web: journeyWeb() },
      { info: () => undefined, warn: () => undefined },
    )
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await served?.stop()
    await mail?.close()
    await city?.end()
    rmSync(data, { recursive: true, force: true })
  })

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail' && shown && !shown.isClosed()) await picture(shown, 'london-last')
  })

  /** By the link that came by mail: the only address that anybody follows from outside. */
  const signsIn = async (who: string, options: object = desk): Promise<Page> => {
    const { page } = await openWindow(browser, served.url, undefined, options, said)
    shown = page
    // Seventy seats in one table, and 592 ends to choose from, take a busy machine its time.
    page.setDefaultTimeout(60_000)
    await page.goto(served.url)
    await page.getByRole('form', { name: 'Sign in with a link by mail' }).getByLabel('Your mail address').fill(`${who}@london.example`)
    await page.getByRole('button', { name: 'Send me a link' }).click()
    const link = () =>
      /https?:\/\/\S+/.exec(mail.received.findLast(({ to }) => to.includes(`${who}@london.example`))?.text ?? '')?.[0] ?? ''
    await expect.poll(link, { timeout: 20_000 }).not.toBe('')
    await page.goto(link())
    await page.getByRole('button', { name: 'Sign in here' }).click()
    await page.getByRole('heading', { level: 1, name: 'Start' }).waitFor()
    return page
  }
  const goes = async (page: Page, ...links: string[]) => {
    for (const name of links) await page.getByRole('link', { name, exact: true }).first().click()
  }
  const chooses = async (page: Page, field: RegExp, option: RegExp) => {
    await page.getByRole('dialog').getByRole('button', { name: field }).first().click()
    await page.getByRole('option', { name: option }).first().click()
  }

  /** What an administrator was shown of a partner's way in: where to post, and with which token. */
  let wayIn = { where: '', token: '' }
  test('the first administrator takes the real list in, then who sits for three of its members, one of them by hand; a level, and a way for warnings', {
    timeout: 300_000,
  }, async () => {
    const { page } = await openWindow(browser, served.url, undefined, desk, said)
    await page.goto(/https?:\/\/\S+/.exec(served.firstLines[1]!)![0])
    await page.getByRole('button', { name: 'Sign in here' }).click()
    await page.getByRole('link', { name: 'Who is who' }).first().click()
    await page.getByRole('heading', { level: 1, name: 'Who is who' }).waitFor()
    await look(page, 'empty city')
    await goes(page, 'Import')
    await page.getByLabel('Files').setInputFiles(members)
    await page.getByText('Read, not yet stored').waitFor()
    await look(page, 'list read')
    await page.getByRole('button', { name: /^Store \d+ lines/ }).click()
    await page.getByText('Stored', { exact: true }).waitFor()
    await page.getByLabel('Files').setInputFiles(filled)
    await page.getByText('Read, not yet stored').waitFor()
    await page.getByRole('button', { name: /^Store \d+ lines/ }).click()
    await page.getByText('Stored', { exact: true }).waitFor()
    await look(page, 'posts stored')

    await goes(page, 'Who is who')
    await page.getByRole('tab', { name: 'People' }).click()
    await page.getByRole('button', { name: 'Add a person' }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByRole('textbox', { name: 'Name' }).first().fill('Resilience of CAMDEN')
    await sheet.getByRole('button', { name: /Agency/ }).click()
    await page.getByRole('searchbox', { name: 'Find by name: Agency' }).fill('camd')
    await look(page, 'an agency found by its name', true)
    await page
      .getByRole('option', { name: /^Camden/ })
      .first()
      .click()
    await sheet.getByLabel('Mail').fill('res.camden@london.example')
    await sheet.getByRole('group', { name: 'Posts held' }).getByText('Resilience officer (CAMDEN)').last().click()
    await look(page, 'one person by hand', true)
    await sheet.getByRole('button', { name: 'Add a person' }).click()
    await page.getByRole('row').filter({ hasText: 'Resilience of CAMDEN' }).waitFor()
    await look(page, 'people')

    await goes(page, 'Activations', 'Activation levels')
    await page.getByText('No activation level').waitFor()
    await page.getByRole('button', { name: 'Add a level' }).click()
    await sheet.getByRole('textbox', { name: 'Name' }).first().fill('Activated')
    await sheet.getByLabel('Short name').fill('activated')
    await sheet.getByLabel('When it is taken', { exact: true }).fill('Several agencies are needed at once.')
    for (const { code } of three)
      await sheet.getByRole('group', { name: 'Calls out' }).getByText(`Chief officer on call (${code})`).last().click()
    const convenes = sheet.getByRole('group', { name: 'Convenes' })
    await convenes.getByLabel('Find by name').fill('London')
    await convenes.getByText('London', { exact: true }).last().click()
    await look(page, 'a level', true)
    await sheet.getByRole('button', { name: 'Add a level' }).click()
    await page.getByRole('row').filter({ hasText: 'Several agencies are needed at once.' }).waitFor()
    await look(page, 'levels')

    await goes(page, 'Watch desk')
    await page.getByRole('tab', { name: /Sources/ }).click()
    await page.getByRole('button', { name: 'Add a source' }).click()
    await sheet.getByLabel('Source', { exact: true }).fill('Weather and river office')
    await sheet.getByLabel('Short name').fill('rivers')
    await sheet.getByRole('button', { name: 'Add a source' }).click()
    const token = (await sheet.locator('code').innerText()).trim()
    const where = /\/ingest\/\S+/.exec(await sheet.innerText())?.[0] ?? ''
    wayIn = { where, token }
    await page.context().close()
  })

  let officer: Page
  let camden: Page
  test('the resilience officer sees London, finds that nobody chairs it, and draws a mend', { timeout: 300_000 }, async () => {
    const page = await signsIn('res.camden')
    officer = page
    await look(page, 'start', true)
    await goes(page, 'Who is who', 'How sound the network is')
    shown = page
    await page.getByRole('button', { name: 'Look now' }).click()
    await page.getByLabel('Find a name').fill('London')
    const found = page.getByRole('row').filter({ hasText: 'London has no chair' })
    await found.waitFor()
    await look(page, 'findings')
    await found.getByRole('link', { name: /Show in the picture/ }).click()
    await page.getByText('Shown for a finding').waitFor()
    await page.getByText('Group without a chair: London').waitFor()
    const chosen = page.getByRole('complementary', { name: 'Chosen' })
    await chosen.getByRole('heading', { name: 'London' }).waitFor()
    await chosen.getByRole('button', { name: /Camden/ }).waitFor()
    await look(page, 'london in the picture')
    await page.getByRole('button', { name: 'Propose a change' }).click()
    await page.getByRole('heading', { name: 'Draft of a change' }).waitFor()
    await page.getByRole('tab', { name: 'Groups' }).click()
    await page.getByRole('button', { name: 'Chair and offices: London' }).click()
    await chooses(page, /^Chair|Chair$/, /Chief officer on call \(MET\)/)
    await page.getByRole('dialog').getByLabel('Quorum').fill('2')
    await look(page, 'offices', true)
    await page.getByRole('dialog').getByRole('button', { name: 'Keep in the draft' }).click()
    await page.getByRole('tab', { name: 'Seats' }).click()
    await page.getByRole('button', { name: 'Show all rows' }).click()
    for (const { name, code } of three) {
      await page.getByRole('button', { name: `Move or change: ${name}, London` }).click()
      await chooses(page, /Post/, new RegExp(`Chief officer on call \\(${code}\\)`))
      await page.getByRole('dialog').getByText('core', { exact: true }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Keep in the draft' }).click()
    }
    await page.getByRole('button', { name: 'Add a link' }).click()
    await chooses(page, /From/, /^London Fire/)
    await chooses(page, /To/, /^Camden/)
    await page.getByRole('dialog').getByText('informs', { exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Keep in the draft' }).click()
    await page
      .getByRole('grid', { name: 'What the draft changes' })
      .getByRole('row')
      .filter({ hasText: /London Fire.*informs Camden/ })
      .waitFor()
    await look(page, 'draft', true)
    await page.getByRole('button', { name: 'Propose it' }).click()
    await page.getByRole('dialog').getByLabel('What it is about').fill('London has a chair')
    await chooses(page, /Why now/, /a finding/)
    await page.getByRole('dialog').getByLabel('Reason').fill('The analysis found that nobody convenes it.')
    await page.getByRole('dialog').getByRole('button', { name: 'Propose it' }).click()
    await page.getByRole('heading', { name: 'London has a chair' }).waitFor()
    await page.getByRole('button', { name: 'Offer for signing' }).click()
    await look(page, 'offer', true)
    await page.getByRole('button', { name: 'Offer it' }).click()
    await page.getByText('to be signed').first().waitFor()
    await look(page, 'offered', true)
  })

  test('three agencies sign it, and with the last of them it holds', { timeout: 300_000 }, async () => {
    for (const [place, { code, name }] of three.entries()) {
      const page = await signsIn(`exe.${code.toLowerCase()}`, place === 0 ? pocket : desk)
      await page.getByRole('heading', { name: 'Waiting for your agency' }).waitFor()
      if (place === 0) await look(page, 'start of a chief officer')
      await goes(page, 'London has a chair')
      // The day that was agreed is a fortnight away: it comes before the last one signs, as no test waits for it.
      if (place === 2) await city.owner.query('update structure.reviews set sign_by = clock_timestamp(), effective_at = clock_timestamp()')
      await page.getByRole('button', { name: `Sign for ${name}` }).click()
      await page.getByText(`Executive of ${code}`).first().waitFor()
      await look(page, `signed by ${code}`, true)
      if (code === 'CAMDEN') camden = page
      else await page.context().close()
    }
    await officer.getByText('adopted', { exact: true }).first().waitFor()
    await look(officer, 'adopted', true)
    await goes(officer, 'Who is who', 'How sound the network is')
    await officer.getByRole('button', { name: 'Look now' }).click()
    await officer.getByRole('grid', { name: 'Findings' }).waitFor()
    expect(
      await officer
        .getByRole('row')
        .filter({ hasText: /London has no chair/ })
        .count(),
    ).toBe(0)
  })

  test('a warning from a partner is activated on; the incident that it opens is told in, acknowledged, and observed over what was declared', {
    timeout: 300_000,
  }, async () => {
    // A partner sends a warning, as it was told to.
    const sent = await fetch(new URL(wayIn.where, served.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${wayIn.token}` },
      body: cap({ headline: 'Fire in the market hall', sent: new Date().toISOString() }),
    })
    expect(sent.status).toBe(202)

    const fire = await signsIn('watch.fire')
    await goes(fire, 'Watch desk')
    await fire.getByRole('button', { name: /Fire in the market hall/ }).click()
    await fire.getByRole('button', { name: 'Claim', exact: true }).click()
    await fire.getByRole('radio', { name: /Activate/ }).check({ force: true })
    await fire.getByLabel('Reason').fill('Two callers from the hall say the same.')
    await fire.getByRole('button', { name: 'Record: activate' }).click()
    await fire.getByRole('button', { name: 'Activate', exact: true }).click()
    await fire.getByRole('dialog').getByText('Activated', { exact: false }).first().click()
    await fire.getByRole('dialog').getByLabel('Which criterion is met').fill('Police, fire and council are needed.')
    await fire.getByRole('dialog').getByLabel('Reason').fill('The hall is full on a market day.')
    await fire.getByRole('dialog').getByLabel('Kind of incident').fill('fire')
    await fire.getByRole('dialog').getByLabel('What to call the incident').fill('Market hall')
    await look(fire, 'activating', true)
    await fire.getByRole('button', { name: 'Activate and call out now' }).click()
    await fire.getByRole('heading', { name: 'Activated' }).waitFor()

    // The chief officer is woken by a mail, somewhere else by now, with a telephone.
    const link = () =>
      /https?:\/\/\S+\/a\/[\w-]+/.exec(mail.received.findLast(({ to }) => to.includes('exe.camden@london.example'))?.text ?? '')?.[0] ?? ''
    await expect.poll(link, { timeout: 30_000 }).not.toBe('')
    const accepting = await camden.context().newPage()
    await accepting.setViewportSize(pocket.viewport)
    await accepting.goto(link())
    await accepting.getByRole('button', { name: 'I accept' }).click()
    await accepting.getByText('Your acceptance is recorded').waitFor()
    await look(accepting, 'accepted', true)
    await accepting.close()
    await fire.getByRole('img', { name: /Chief officer on call \(CAMDEN\): Accepted/ }).waitFor({ timeout: 30_000 })
    await look(fire, 'board', true)

    await goes(fire, 'Incidents')
    await goes(fire, 'Market hall')
    await fire.getByRole('heading', { level: 1, name: 'Market hall' }).waitFor()
    await look(fire, 'centre', true)
    await goes(fire, 'Who takes part')
    // Whoever accepted is in; two others come in with one press.
    await fire.getByRole('row').filter({ hasText: 'Executive of CAMDEN' }).first().waitFor()
    const whom = fire.getByRole('group', { name: 'Whom' })
    for (const who of ['Executive of MET', 'Resilience of CAMDEN']) await whom.getByText(who).last().click()
    await fire.getByText('All of it', { exact: true }).click()
    await fire.getByLabel('Why').fill('Core members.')
    await fire.getByRole('button', { name: 'Let in' }).click()
    for (const who of ['Executive of MET', 'Resilience of CAMDEN']) await fire.getByRole('row').filter({ hasText: who }).first().waitFor()
    await look(fire, 'members', true)
    await goes(fire, 'To the centre')
    await fire.getByLabel('What happened').fill('The hall is cleared.')
    await fire.getByRole('button', { name: 'Enter', exact: true }).click()
    await fire.getByText('The hall is cleared.').first().waitFor()

    await goes(camden, 'Incidents')
    await camden.setViewportSize(pocket.viewport)
    await goes(camden, 'Market hall')
    await camden.getByRole('heading', { level: 1, name: 'Market hall' }).waitFor()
    await look(camden, 'centre in the pocket', true)
    await goes(camden, 'Whole timeline')
    await camden.getByText('The hall is cleared.').first().waitFor()
    await look(camden, 'timeline', true)
    await camden.getByRole('button', { name: 'Acknowledge' }).first().click()

    await goes(officer, 'Incidents', 'Market hall', 'Who told whom')
    await officer.getByRole('button', { name: 'Look at what happened' }).click()
    const told = officer
      .getByRole('grid', { name: 'Who told whom' })
      .getByRole('row')
      .filter({ hasText: /London Fire.*Camden/ })
    await told.getByText('declared and used').waitFor()
    await officer.getByText('Counted from the first signal').waitFor()
    await look(officer, 'who told whom')
    await goes(officer, 'Over the picture of the network')
    await officer.getByRole('button', { name: /Lay what was observed/ }).click()
    await officer.getByRole('button', { name: 'Only what is declared' }).waitFor()
    await look(officer, 'observed over declared')
    // Who is not signed in yet is told so, and the browser writes that down.
    expect(said.filter((line) => !/401/.test(line))).toEqual([])
    expect(odd).toEqual([])
  })
})
