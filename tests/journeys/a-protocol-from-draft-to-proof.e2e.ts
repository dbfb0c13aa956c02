import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { desk, findings, openBrowser, openWindow, picture, pocket } from '#core/web/testing.ts'
import { type JourneyCity, journeyCity } from './city.ts'
import { browserIsHere, why } from './web.ts'

// Three agencies and a stranger: an agreement is drawn up, signed, used, broken in an emergency, recalled under and ended, at the screens of those
// who do it; afterwards somebody with one file, plain Node and the city's public key reads who was sent what, who opened it and who acknowledged it.

const police = 'post/HAL-POL-EXE'
const ambulance = 'post/HAL-AMB-EXE'
const roads = 'post/HAL-ROA-EXE'
const officer = 'kwabena.ottersby'
const protection = 'post/HAL-POL-DPO'
const inquiry = 'tunde.ashgravel'
const watch = 'imani.thistlewane'

describe.skipIf(!browserIsHere)(`a protocol from its draft to the proof of who saw what${why}`, () => {
  let city: JourneyCity
  let browser: Browser
  let folder = ''
  const said: string[] = []
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'concord-proof-'))
    city = await journeyCity()
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await city?.end()
    rmSync(folder, { recursive: true, force: true })
  })
  const open = async (who: string, path: string, look: object = desk): Promise<Page> => {
    const { page } = await openWindow(browser, city.url, await city.keyOf(who), look, said)
    await page.goto(city.url + path)
    await page.locator('main h1').first().waitFor()
    return page
  }
  const choose = async (page: Page, field: string | RegExp, option: string | RegExp) => {
    await page.getByRole('button', { name: field }).click()
    await page.getByRole('option', { name: option }).first().click()
  }
  /** Plain Node with nothing around it, as a stranger runs it. */
  const node = (where: string, args: string[], input = '') => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: where, env: {}, input, encoding: 'utf8' })
    return { status, text: stdout + stderr }
  }

  test('drawn up, signed by three, used, broken in an emergency, recalled under, ended; and proved to a stranger with one file', async () => {
    // Drawn up by one, signed by three.
    const chief = await open(police, '/sharing/protocols/draft')
    await chief.getByLabel('Title').fill('Closed roads and waiting ambulances')
    await chief.getByLabel('What it is for').fill('Whoever sends a crew knows which road is closed.')
    for (const name of ['Orrel Ambulance Service', 'Halvern Roads and Bridges']) {
      await choose(chief, /Add a party/, name)
      await chief.getByRole('group', { name }).waitFor()
    }
    await chief.getByLabel('How long it is kept').fill('One year, then deleted by each party.')
    await chief.getByRole('button', { name: 'Keep the draft' }).click()
    await chief.getByRole('button', { name: 'Offer it for signing' }).click()
    await chief.getByRole('button', { name: 'Sign for Halvern Police' }).click()
    await chief
      .getByText(/signed by/)
      .first()
      .waitFor()
    const medic = await open(ambulance, '/sharing', pocket)
    await medic.getByRole('link', { name: 'Closed roads and waiting ambulances' }).click()
    await medic.getByRole('button', { name: 'Sign for Orrel Ambulance Service' }).click()
    const road = await open(roads, '/sharing')
    await road.getByRole('link', { name: 'Closed roads and waiting ambulances' }).click()
    await road.getByRole('button', { name: 'Sign for Halvern Roads and Bridges' }).click()
    for (const page of [chief, medic, road]) await page.getByText('in force', { exact: true }).first().waitFor()
    await picture(chief, 'proof-1-in-force')

    // An incident, and those who take part in it.
    const watching = await open(watch, '/response')
    await watching.getByRole('button', { name: 'Open an incident' }).first().click()
    const dialog = watching.getByRole('dialog')
    await dialog.getByLabel('What it is called').fill('Gas at Tern Quay')
    await dialog.getByLabel('What kind of incident').fill('industrial')
    await dialog.getByRole('button', { name: 'Open an incident' }).click()
    await watching.waitForURL(/\/response\/centre\/[0-9a-f-]{36}/)
    const centre = new URL(watching.url()).pathname
    const incidentId = centre.split('/').at(-1)!
    for (const who of [police, ambulance, roads, officer, protection, inquiry]) {
      const personId = (
        await city.owner.query<{ person: string }>('select person from access.session where key_hash = sha256($1)', [
          Buffer.from(await city.keyOf(who)),
        ])
      ).rows[0]!.person
      await city.ask(watch, 'response.admitPerson', { incidentId, personId, past: 'all', reason: 'Takes part.' })
    }

    // Used: shared under it from the incident, opened and acknowledged by another party on a phone.
    await chief.goto(`${city.url}${centre}/timeline`)
    await chief.getByRole('link', { name: 'Share information for it' }).click()
    await chief.getByRole('heading', { level: 1, name: 'Share information' }).waitFor()
    await choose(chief, /Protocol/, 'Closed roads and waiting ambulances')
    await choose(chief, /^TLP/, 'TLP:AMBER+STRICT')
    await chief.getByLabel('What it is about').fill('Tern Quay this evening')
    await chief.getByLabel('What it says').fill('The bridge gate closes at nine.')
    expect(await findings(chief)).toEqual([])
    await picture(chief, 'proof-2-share')
    await chief.getByRole('button', { name: 'Share it now' }).click()
    await chief.getByRole('heading', { level: 1, name: 'Tern Quay this evening' }).waitFor()
    await medic.goto(`${city.url}/sharing/items`)
    await medic.getByRole('link', { name: 'Tern Quay this evening' }).click()
    await medic.getByRole('button', { name: 'Open (this is recorded)' }).click()
    await medic.getByText('The bridge gate closes at nine.').waitFor()
    await medic.getByRole('button', { name: 'Acknowledge it' }).click()
    await medic.getByText('You acknowledged this at').waitFor()

    // The glass is broken: life-saving information to an agency outside the agreement, reviewed by another.
    const phone = await open(officer, `${centre}/timeline`, pocket)
    await phone.getByRole('link', { name: /Tell what cannot wait/ }).click()
    await phone.getByText('For the incident:').waitFor()
    await phone.getByRole('textbox', { name: 'What it is about' }).fill('Gas drifts east')
    await phone.getByRole('textbox', { name: 'What they must know' }).fill('Keep boats west of the grain store.')
    await choose(phone, /Who must know/, 'Halvern Harbour Authority')
    await phone.getByRole('textbox', { name: 'Why it cannot wait' }).fill('Boats are under way.')
    await picture(phone, 'proof-3-emergency')
    await phone.getByRole('button', { name: 'Share it now' }).click()
    await phone.getByText('Shared. It stands on their screens').waitFor()
    const guard = await open(protection, '/sharing/emergency')
    await guard.getByRole('radio', { name: 'right, and otherwise next time' }).check({ force: true })
    await guard.getByRole('textbox', { name: 'What was found, and what follows' }).fill('The harbour is asked to join.')
    await guard.getByRole('button', { name: 'Record the review' }).click()
    await guard
      .getByText(/The harbour is asked to join\./)
      .first()
      .waitFor()

    // Recalled under it, and ended.
    await chief.getByRole('button', { name: 'Recall', exact: true }).click()
    await chief.getByLabel('Why, in words that they may read').fill('The gate stays open.')
    await chief.getByRole('button', { name: 'Recall it now' }).click()
    await medic.getByText('There is nothing here that you can see').waitFor()
    await medic.getByRole('link', { name: 'What is shared' }).click()
    await medic.getByRole('article', { name: 'Tern Quay this evening' }).getByRole('button', { name: 'We no longer use it' }).click()
    await road.getByRole('button', { name: 'End the protocol' }).click()
    await road.getByLabel('Reason').fill('Replaced by the regional one.')
    await road.getByRole('button', { name: 'End it now' }).click()
    await road.getByText(/Ended: Replaced by the regional one/).waitFor()
    await picture(road, 'proof-4-ended')

    // Afterwards: an inquiry post makes one file, and a stranger reads it without Concord.
    await city.owner.query('update access.session set strong_at = clock_timestamp() where key_hash = sha256($1)', [
      Buffer.from(await city.keyOf(inquiry)),
    ])
    const maker = await open(inquiry, `${centre}/pack`)
    await maker.getByRole('textbox', { name: 'For whom' }).fill('Inquiry into the gas at Tern Quay')
    await maker.getByRole('textbox', { name: 'What it is for' }).fill('Disclosure for the first hearing.')
    await maker.getByRole('textbox', { name: 'On whose authority' }).fill('Chair, direction 1')
    const passphrase = await maker.getByRole('textbox', { name: 'Words that open it' }).inputValue()
    await maker.getByRole('button', { name: 'Make the pack' }).click()
    await maker.getByRole('button', { name: 'Take the file' }).waitFor({ timeout: 60_000 })
    const [download] = await Promise.all([maker.waitForEvent('download'), maker.getByRole('button', { name: 'Take the file' }).click()])
    await download.saveAs(join(folder, 'pack.concord'))
    writeFileSync(join(folder, 'concord-open.mjs'), Buffer.from(await (await fetch(`${city.url}/packs/concord-open.mjs`)).arrayBuffer()))
    await maker.goto(`${city.url}/record`)
    const publicKey = await maker.getByRole('row').nth(1).getByRole('gridcell').last().innerText()
    writeFileSync(join(folder, 'keys'), `${publicKey.trim()}\n`)

    expect(node(folder, ['concord-open.mjs', 'pack.concord', '--out', 'pack.zip'], `${passphrase}\n`)).toMatchObject({ status: 0 })
    const at = join(folder, 'open')
    mkdirSync(at)
    for (const [name, bytes] of Object.entries(unzipSync(readFileSync(join(folder, 'pack.zip'))))) writeFileSync(join(at, name), bytes)
    expect(node(at, ['check-files.mjs'])).toMatchObject({ status: 0 })
    expect(node(at, ['concord-verify.mjs', 'record.jsonl', '--keys', '../keys'])).toMatchObject({ status: 0 })
    const saw = readFileSync(join(at, 'who-saw-what.csv'), 'utf8').split('\n')
    // By name, for somebody who has no directory of this city.
    for (const line of [
      /,sent,Orrel Ambulance Service,.*sharing\.items/,
      /,opened,Chidi Yewtreeling,.*sharing\.items/,
      /,acknowledged,Chidi Yewtreeling,.*sharing\.items/,
    ])
      expect(saw.some((one) => line.test(one))).toBe(true)
    expect(saw.filter((line) => /,(agency|person):/.test(line))).toEqual([])
    const chapters = readdirSync(at)
      .filter((name) => name.endsWith('.csv'))
      .map((name) => readFileSync(join(at, name), 'utf8'))
      .join('\n')
    for (const words of ['Tern Quay this evening', 'Gas drifts east', 'The gate stays open.', 'Closed roads and waiting ambulances'])
      expect(chapters).toContain(words)
    expect(said.filter((line) => !line.includes('404'))).toEqual([])
  }, 400_000)
})
