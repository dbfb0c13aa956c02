import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { area as sharing } from '#areas/sharing/area.ts'
import { area as structure } from '#areas/structure/area.ts'
import { structureFor, type TestHolder } from '#areas/structure/testing.ts'
import { area as watchArea } from '#areas/watch/area.ts'
import type { TestDoor } from '#core/access/sign-in/testing.ts'
import { readConfig } from '#core/config.ts'
import { type TestCity, testCity, type TestPerson } from '#core/db/testing.ts'
import { liveDoor } from '#core/http/testing.ts'
import { registryOf, perform } from '#core/operation/perform.ts'
import { recordArea } from '#core/record/area.ts'
import { type PackKeeper, startPackKeeper } from '#core/record/pack/keeper.ts'
import { servePacks } from '#core/record/pack/serve.ts'
import { givenKeyring } from '#core/record/keys.ts'
import { type Sealer, startSealer } from '#core/record/sealer.ts'
import { createSigningKey } from '#core/record/tree/heads.ts'
import { desk, findings, openBrowser, openWindow, picture, pocket, ready, why } from '#core/web/testing.ts'
import { area } from '../area.ts'

const mission = [structure, sharing, watchArea, area]
const areas = [recordArea(mission), ...mission]

describe.skipIf(!ready)(`a disclosure pack, in a real browser${why}`, () => {
  let city: TestCity
  let door: TestDoor
  let browser: Browser
  let keeper: PackKeeper
  let sealer: Sealer
  let folder = ''
  let watch: TestHolder
  let inquiry: TestPerson
  let incidentId = ''
  const key = createSigningKey('test')

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'concord-pack-journey-'))
    city = await testCity()
    const failed = (error: unknown) => console.error(error)
    door = await liveDoor(city, {
      areas,
      mount: (server) => servePacks(server, { database: city.database, config: readConfig({ port: '0' }, {}), folder }),
    })
    sealer = startSealer(city.database, { machine: { ring: givenKeyring('test', key.secret) }, origin: 'test', failed })
    city.database.onCommit(() => sealer.poke())
    keeper = startPackKeeper(city.database, { server: city.server, folder, every: 300, failed })
    watch = await structureFor(city).holder('Wil Watch', await structureFor(city).agency('Council'), 'watch-officer')
    inquiry = await city.person('Ira Inquiry', ['kind:inquiry', 'city:test'])
    const registry = registryOf(areas)
    const opened = await perform(
      city.database,
      registry,
      registry.named('response', 'open-incident'),
      { name: 'Fire at Tern Quay', incidentType: 'fire' },
      watch.enters('response.openIncident'),
    )
    incidentId = (opened as { id: string }).id
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await keeper?.stop()
    await sealer?.stop()
    await door?.stop()
    await city?.end()
    rmSync(folder, { recursive: true, force: true })
  })

  test('an inquiry post makes one, leaves, takes it, opens and verifies it with plain Node; a byte that was changed names its entry', async () => {
    const said: string[] = []
    const { page } = await openWindow(browser, door.url, inquiry.key, desk, said)
    const address = `${door.url}/response/centre/${incidentId}/pack`
    await page.goto(address)
    await page.getByRole('heading', { level: 1, name: 'Disclosure pack' }).waitFor()
    await page.getByText('asks for your passkey first').waitFor()
    await city.owner.query('update access.session set strong_at = clock_timestamp() where person = $1', [inquiry.personId])
    await page.reload()
    await page.getByRole('textbox', { name: 'For whom' }).fill('Inquiry into the Tern Quay fire')
    await page.getByRole('textbox', { name: 'What it is for' }).fill('Disclosure for the first hearing.')
    await page.getByRole('textbox', { name: 'On whose authority' }).fill('Chair, direction 4')
    const passphrase = await page.getByRole('textbox', { name: 'Words that open it' }).inputValue()
    expect(passphrase).toMatch(/^([a-z2-9]{4}-){5}[a-z2-9]{4}$/)
    expect(await findings(page)).toEqual([])
    await picture(page, 'pack-make')
    await page.getByRole('button', { name: 'Make the pack' }).click()
    await page.getByText(`These words open it: ${passphrase}`).waitFor()
    // The work goes on without the window.
    await page.goto('about:blank')
    await page.waitForTimeout(500)
    await page.goto(address)
    await page.getByRole('button', { name: 'Take the file' }).waitFor({ timeout: 60_000 })
    expect(await findings(page)).toEqual([])
    await picture(page, 'pack-ready')
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Take the file' }).click()])
    expect(download.suggestedFilename()).toBe('pack.concord')
    const file = join(folder, 'pack.concord')
    await download.saveAs(file)
    await page.getByText('Taken by').waitFor()
    const hash = await page.locator('code').first().innerText()

    const at = join(folder, 'open')
    mkdirSync(at)
    const opener = await fetch(`${door.url}/packs/concord-open.mjs`)
    writeFileSync(join(folder, 'concord-open.mjs'), Buffer.from(await opener.arrayBuffer()))
    writeFileSync(join(folder, 'keys'), `${key.key.text}\n`)
    const node = (where: string, args: string[], input = '') => {
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: where, env: {}, input, encoding: 'utf8' })
      return { status, text: stdout + stderr }
    }
    expect(node(folder, ['concord-open.mjs', 'pack.concord', '--out', 'pack.zip'], `${passphrase}\n`)).toMatchObject({ status: 0 })
    for (const [name, bytes] of Object.entries(unzipSync(readFileSync(join(folder, 'pack.zip'))))) writeFileSync(join(at, name), bytes)
    const files = node(at, ['check-files.mjs'])
    expect(files).toMatchObject({ status: 0 })
    expect(files.text).toContain(hash)
    expect(node(at, ['concord-verify.mjs', 'record.jsonl', '--keys', '../keys'])).toMatchObject({ status: 0 })
    const record = readFileSync(join(at, 'record.jsonl'), 'utf8')
    const { entry } = JSON.parse(record.split('\n').find((line) => line.includes('Fire at Tern Quay'))!) as { entry: number }
    writeFileSync(join(at, 'record.jsonl'), record.replace('Fire at Tern Quay', 'Fire at Tern Quaz'))
    const tampered = node(at, ['concord-verify.mjs', 'record.jsonl', '--keys', '../keys'])
    expect(tampered.status).toBe(1)
    expect(tampered.text).toContain(`entry at position ${entry}:`)
    expect(said).toEqual([])
  })

  test('another person gets nothing by the address of a file; a hold is placed on the same page and stands on the incident’s own', async () => {
    const said: string[] = []
    const { page } = await openWindow(browser, door.url, inquiry.key, pocket, said)
    await page.goto(`${door.url}/response/centre/${incidentId}/pack`)
    const taken = await page.evaluate(async () => {
      const { packs } = await (await fetch('/api/record/packs')).json()
      const answer = await fetch('/api/record/take-pack', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
        body: JSON.stringify({ packId: packs[0].id }),
      })
      return (await answer.json()).path as string
    })
    const get = (key: string | undefined) => fetch(door.url + taken, { headers: key === undefined ? {} : { cookie: `concord=${key}` } })
    expect((await get(inquiry.key)).status).toBe(200)
    const other = await get(watch.key)
    expect(other.status).toBe(404)
    const nothing = await fetch(`${door.url}/packs/${'x'.repeat(32)}`, { headers: { cookie: `concord=${watch.key}` } })
    expect(await other.json()).toEqual(await nothing.json())
    expect((await get(undefined)).status).toBe(401)

    await page.getByText('No hold on this incident').waitFor()
    await page.getByRole('button', { name: 'Place a hold' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Why it is held' }).fill('An inquest is foreseeable.')
    await dialog.getByRole('textbox', { name: 'On whose authority' }).fill('Coroner, 3 March')
    expect(await findings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Place a hold' }).click()
    await page.getByText('An inquest is foreseeable.').waitFor()
    await picture(page, 'hold-pocket')

    const officer = await openWindow(browser, door.url, watch.key, desk, said)
    await officer.page.goto(`${door.url}/response/centre/${incidentId}`)
    await officer.page.getByText(/Held since/).waitFor()
    expect(await officer.page.locator('main').innerText()).not.toContain('inquest')
    await officer.page.goto(`${door.url}/response/centre/${incidentId}/pack`)
    await officer.page
      .getByText(/legal adviser/)
      .first()
      .waitFor()

    const law = await openWindow(browser, door.url, inquiry.key, desk, said)
    await law.page.goto(`${door.url}/record/retention`)
    await law.page.getByRole('heading', { level: 1, name: 'Retention and holds' }).waitFor()
    await law.page.getByText('not confirmed').first().waitFor()
    expect(await findings(law.page)).toEqual([])
    await picture(law.page, 'retention')
    await law.page.getByRole('button', { name: 'Look', exact: true }).first().click()
    await law.page.getByRole('button', { name: 'What would go today?' }).click()
    await law.page.getByText('0 rows would go today').waitFor()
    expect(await findings(law.page)).toEqual([])
    expect(said.filter((line) => !/40[13]|404/.test(line))).toEqual([])
  })
})
