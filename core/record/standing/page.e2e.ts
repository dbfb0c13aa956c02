import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestDoor } from '#core/access/sign-in/testing.ts'
import type { TestPerson } from '#core/db/testing.ts'
import { liveDoor } from '#core/http/testing.ts'
import { findings, openBrowser, openWindow, picture, pocket, ready, why } from '#core/web/testing.ts'
import { readConfig } from '#core/config.ts'
import { recordArea } from '../area.ts'
import { serveBundles } from '../bundle/serve.ts'
import { checkBundle } from '../verifier/check.mjs'
import { recordCity, type RecordCity } from '../testing.ts'
import { createSigningKey } from '../tree/heads.ts'
import { startTelling } from '../witness/telling.ts'
import { rotateKey } from './contract.ts'
import { startVerifying } from './verifying.ts'

describe.skipIf(!ready)(`the page of the record, in a real browser${why}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'concord-record-page-'))
  let here: RecordCity
  let door: TestDoor
  let browser: Browser
  let administrator: TestPerson
  let operator: TestPerson
  let member: TestPerson
  beforeAll(async () => {
    here = await recordCity('test')
    administrator = await here.city.person('Ada', ['kind:administrator', 'city:test'])
    operator = await here.city.person('Oz', ['kind:operator', 'city:test'])
    member = await here.city.person('Max', ['city:test'])
    await here.placeAndSeal()
    await here.as(operator, rotateKey, { reason: 'Yearly change of key', overlapHours: 2 })
    await here.placeAndSeal()
    door = await liveDoor(here.city, {
      areas: [recordArea([], here.machine)],
      mount: (server) => serveBundles(server, { database: here.city.database, config: readConfig({ port: '0' }, {}) }),
    })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await door?.stop()
    await here?.end()
    rmSync(folder, { recursive: true })
  })

  test('an administrator sees who else holds the record, has it verified, and keeps another city’s statements; a member sees the keys alone', async () => {
    const said: string[] = []
    const open = async (who: TestPerson, options = {}) => {
      const { page } = await openWindow(browser, door.url, who.key, options, said)
      await page.goto(`${door.url}/record`)
      await page.locator('main h1').waitFor()
      return page
    }
    const desk = await open(administrator)
    await desk.getByText('Nobody else holds this record').waitFor()
    await desk.getByText(/handed over to key .* and both signed that .*Yearly change of key/).waitFor()
    await desk.getByRole('button', { name: 'Verify the whole record now' }).click()
    await desk.getByText(/Being worked out, asked for at/).waitFor()
    const verifying = startVerifying(here.city.database, { everyMs: 200, failed: (error) => console.error(error) })
    await desk.getByText('Sound', { exact: true }).waitFor()
    await verifying.stop()
    await desk.getByRole('textbox', { name: 'Which city' }).fill('Southport')
    await desk.getByRole('textbox', { name: 'Its public key' }).fill('nonsense')
    await desk.getByRole('button', { name: 'Keep its statements' }).click()
    await desk.getByText('This is not a public key of a record').first().waitFor()
    expect(await desk.getByRole('textbox', { name: 'Which city' }).inputValue()).toBe('Southport')
    await desk.getByRole('textbox', { name: 'Its public key' }).fill(createSigningKey('southport').key.text)
    await desk.getByRole('button', { name: 'Keep its statements' }).click()
    await desk.getByRole('button', { name: 'Take no more of Southport' }).waitFor()
    const [download] = await Promise.all([desk.waitForEvent('download'), desk.getByRole('button', { name: 'Take the file' }).click()])
    expect(download.suggestedFilename()).toBe('record.jsonl')
    await download.saveAs(join(folder, 'record.jsonl'))
    const keys = here.machine.ring.held.map(({ key }) => key.text)
    expect(await checkBundle(join(folder, 'record.jsonl'), { keys })).toMatchObject({ ok: true, leaves: true })
    expect(await findings(desk)).toEqual([])
    await picture(desk, 'record-administrator')

    const telling = startTelling(here.city.database, {
      ring: here.machine.ring,
      origin: 'test',
      config: {
        everySeconds: 600,
        witnesses: [
          { kind: 'file', to: join(folder, 'held.jsonl') },
          { kind: 'mail', to: 'notary@law.example' },
        ],
      },
      channels: { send: () => Promise.resolve({ state: 'failed', detail: 'The gateway could not be reached.' }) },
      failed: (error) => console.error(error),
    })
    await telling.round()
    await telling.stop()
    const phone = await open(operator, pocket)
    await phone.getByText('holds it').first().waitFor()
    await phone.getByText('The gateway could not be reached.').first().waitFor()
    await phone.getByText('concord record rotate-key --reason …').waitFor()
    expect(await phone.getByText('What we hold of other cities').count()).toBe(0)
    expect(await findings(phone)).toEqual([])
    await picture(phone, 'record-operator-pocket')

    const other = await open(member)
    await other.getByText('Compare these with what you hold from elsewhere').waitFor()
    for (const words of ['Sealing', 'Who else holds it', 'Last verification', 'Changes of key', 'The whole record as one file'])
      expect(await other.getByText(words).count()).toBe(0)
    expect(await other.locator('main').textContent()).not.toMatch(/size/)
    expect(await findings(other)).toEqual([])
    await picture(other, 'record-member')
    expect(said.filter((line) => !line.includes('400'))).toEqual([])
  })
})
