import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstSignal, type JourneyCity, journeyCity, messageOf } from './city.ts'
import { browserIsHere, why } from './web.ts'
import { desk, findings, openBrowser, openWindow, picture, pocket, type Window } from '#core/web/testing.ts'

// The walk-through of one incident, row by row (A.12); each row goes on where the one before it ended.

describe.skipIf(!browserIsHere)(`a warning becomes a co-ordinated response${why}`, () => {
  let city: JourneyCity
  let browser: Browser
  let world = ''
  let incidentId = ''
  let activationId = ''
  let board: Page
  let secretariat: Page
  let leader: Page
  const windows: (Window & { who: string })[] = []

  const inExercise = (path: string) => `${city.url}${path}?world=${world}`
  const asks = <T = { id: string }>(who: string, operation: string, input: object) =>
    city.ask<T>(who, operation, { incidentId, ...input }, world)

  /** A person at a screen of their own. */
  async function at(who: string, path: string, options: BrowserContextOptions = desk): Promise<Page> {
    const window = await openWindow(browser, city.url, await city.keyOf(who), options)
    windows.push({ ...window, who })
    await window.page.goto(path)
    await window.page.locator('main h1').waitFor()
    return window.page
  }

  beforeAll(async () => {
    city = await journeyCity()
    browser = await openBrowser()
    // Twice as fast as real; later() moves it on where a row is minutes away.
    const opened = await city.ask('imani.thistlewane', 'watch.openExercise', { name: 'Exercise TIDEBELL', startsAt: firstSignal, rate: 2 })
    world = opened.id
    await city.ask(null, 'watch.ingest', { files: [messageOf('01-lantern-square-alert.xml')] })
  })
  afterAll(async () => {
    for (const [place, { page, who }] of windows.entries()) await picture(page, `journey-${place}-${who}`).catch(() => undefined)
    await browser?.close()
    await city?.end()
  })

  test('T+0 the signal is logged, the watch officer owns it, and everything says that it is an exercise', async () => {
    const watch = await at('imani.thistlewane', `${city.url}/watch?tray=not-actual`)
    await watch.getByRole('button', { name: /Lantern Square/ }).click()
    await watch.getByRole('button', { name: 'Hand to an exercise' }).click()
    await watch
      .getByRole('dialog')
      .getByRole('button', { name: /Exercise/ })
      .first()
      .click()
    await watch.getByRole('option', { name: 'Exercise TIDEBELL' }).click()
    await watch.getByRole('dialog').getByRole('button', { name: 'Hand to an exercise' }).click()
    await watch.getByRole('dialog').waitFor({ state: 'detached' })

    await watch.goto(inExercise('/watch'))
    await watch.locator('.band-exercise').getByText('Exercise TIDEBELL').waitFor()
    await watch.getByRole('button', { name: /Lantern Square/ }).click()
    await watch.getByText('Handed to this exercise from the live world’s tray').waitFor()
    await watch.getByRole('button', { name: 'Claim', exact: true }).click()
    await watch.getByText('With Imani Thistlewane').first().waitFor()
    expect(await findings(watch)).toEqual([])

    await watch.locator('label.choice', { hasText: /^Activate/ }).click()
    await watch.getByRole('textbox', { name: 'Reason' }).fill('Several independent callers; a second place not excluded.')
    await watch.getByRole('button', { name: 'Record: activate' }).click()
    await watch.getByRole('button', { name: 'Activate', exact: true }).click()
    const dialog = watch.getByRole('dialog')
    await dialog.getByText(/^Activated \(strategic\)/).click()
    await dialog.getByLabel('Which criterion is met').fill('An attack is suspected.')
    await dialog.getByLabel('Reason').fill('Several independent callers; a second place not excluded.')
    await dialog.getByLabel('Kind of incident').fill('marauding')
    await dialog.getByLabel('What to call the incident').fill('TIDEBELL')
    await dialog.getByRole('button', { name: 'Activate and call out now' }).click()
    await watch.waitForURL(/\/watch\/activations\/[0-9a-f-]{36}/)
    board = watch
    activationId = /activations\/([0-9a-f-]{36})/.exec(watch.url())?.[1] ?? ''
    // Nobody in it has accepted: whoever holds the desk sees the incident, who is called does not yet.
    const incidents = await city.ask<{ id: string; name: string }[]>('imani.thistlewane', 'response.incidents', {}, world)
    incidentId = incidents.find(({ name }) => name === 'TIDEBELL')?.id ?? ''
    expect(incidentId).not.toBe('')
    expect(await city.ask<unknown[]>('noor.saltingham', 'response.incidents', {}, world)).toEqual([])
  })

  test('T+15 one declines, and her deputy accepts on a page without script; the board shows both without being reloaded', async () => {
    const holder = await at('noor.saltingham', inExercise('/watch/activations'), pocket)
    await holder.getByRole('textbox', { name: /Why not/ }).fill('On scene at the Weir Street collision, cannot leave.')
    await holder.getByRole('button', { name: 'I cannot' }).click()
    const link = await until(async () => {
      const sent = city.mail.received.find(({ to }) => to.some((address) => address.startsWith('davi.corvanello')))
      return /https?:\/\/\S+\/a\/[\w-]+/.exec(sent?.text ?? '')?.[0]
    })
    await board.getByText('On scene at the Weir Street collision').waitFor()

    const plain = await openWindow(browser, city.url, undefined, { ...pocket, javaScriptEnabled: false })
    windows.push({ ...plain, who: 'davi.corvanello' })
    await plain.page.goto(link)
    const words = await plain.page.locator('body').innerText()
    expect(words).toMatch(/EXERCISE/)
    expect(words).not.toMatch(/TIDEBELL|Lantern|attack|callers/i)
    await plain.page.getByRole('button', { name: 'I accept' }).click()
    await plain.page.getByText('Your acceptance is recorded').waitFor()
    await board
      .getByRole('row', { name: /Davi Corvanello/ })
      .getByText('Accepted')
      .first()
      .waitFor()
    expect(await findings(board)).toEqual([])
    // Who has declined has no part in it; who has accepted has.
    expect(await city.ask<unknown[]>('noor.saltingham', 'response.incidents', {}, world)).toEqual([])
    expect(await city.ask<unknown[]>('davi.corvanello', 'response.incidents', {}, world)).toHaveLength(1)
  })

  test('whoever accepts has the incident before them at once, and seats fill on everybody’s screen', async () => {
    const incidents = await at('elspeth.varrowmere', inExercise('/watch/activations'))
    await incidents.getByRole('button', { name: 'I accept' }).click()
    await incidents.getByRole('button', { name: 'I accept' }).waitFor({ state: 'detached' })
    await incidents.goto(`${city.url}/response`)
    await incidents.getByText('TIDEBELL').first().waitFor()
    await incidents.goto(`${city.url}/response/centre/${incidentId}`)
    await incidents.locator('main h1', { hasText: 'TIDEBELL' }).waitFor()
    secretariat = incidents

    const accepting = {
      'kwabena.ottersby': 'HAL-POL-DUT',
      'yusra.pennilow': 'EXA-TPO-DUT',
      'solveig.marrowgate': 'HAL-POL-SCG',
      'priya.caldermoss': 'HAL-CIT-SCG',
      'bao.lindqvale': 'HAL-RES-LO1',
      'joaquim.tellamar': 'HAL-VOL-DUT',
    }
    for (const [who, post] of Object.entries(accepting)) {
      await city.ask(who, 'watch.acceptCallOut', { activationId, postId: await city.idOf('post', post) }, world)
    }
    await asks('elspeth.varrowmere', 'response.admitPerson', {
      personId: await city.idOf('person', 'hana.obuvalley'),
      reason: 'Director of Public Health, core member of the group; not on call tonight.',
    })
    leader = await at('priya.caldermoss', inExercise(`/response/centre/${incidentId}`), pocket)
    await leader.getByRole('button', { name: 'In the room' }).click()
    const council = secretariat.getByRole('row', { name: /Halvern City Council/ }).first()
    await council.getByText('in the room').waitFor()
    for (const [who, agency] of [
      ['kwabena.ottersby', 'HAL-POL'],
      ['yusra.pennilow', 'EXA-TPO'],
      ['hana.obuvalley', 'HAL-PHA'],
    ] as const) {
      await asks(who, 'response.takeSeat', { agencyId: await city.idOf('agency', agency), state: 'present', withAuthority: true })
    }
    await leader
      .getByText(/4 of 8/)
      .first()
      .waitFor()
    expect(await findings(leader)).toEqual([])
    expect(await findings(secretariat)).toEqual([])
  })

  test('T+20 the lead is contested and shows UNRESOLVED to everybody; a neutral commander is appointed, and never one from an agency that says it leads', async () => {
    await asks('kwabena.ottersby', 'response.proposeLead', {
      agencyId: await city.idOf('agency', 'HAL-POL'),
      phase: 'response',
      basis: 'Halvern Resilience Agreement, annex C',
    })
    const railway = await at('yusra.pennilow', inExercise(`/response/centre/${incidentId}`))
    await railway.getByRole('button', { name: 'Say who leads' }).click()
    await railway.getByRole('textbox', { name: /On what basis/ }).fill('Railway Safety Protocol, clause 4')
    await railway.getByRole('button', { name: 'Put this position' }).click()
    await secretariat.locator('.band').getByText('contested').waitFor()

    await city.later(world, 21)
    await leader.locator('.band').getByText('UNRESOLVED').waitFor()
    await secretariat.locator('.band').getByText('UNRESOLVED').waitFor()
    await secretariat.getByText('The lead agency is still unresolved').first().waitFor()

    await secretariat.getByRole('button', { name: 'Appoint' }).click()
    const dialog = secretariat.getByRole('dialog')
    await dialog.getByText('Ruaridh Stenmoor').waitFor()
    await dialog
      .getByText(/comes from the lead agency, or from one that is proposed/)
      .first()
      .waitFor()
    const refused = asks('elspeth.varrowmere', 'response.appointNeutralCommander', {
      postId: await city.idOf('post', 'HAL-POL-NCD'),
      interests: 'None declared.',
    })
    await expect(refused).rejects.toThrow(/lead agency/)
    await dialog.getByRole('button', { name: /Who/ }).first().click()
    await secretariat.getByRole('option', { name: /Stenmoor/ }).waitFor({ state: 'detached' })
    await secretariat.getByRole('option', { name: /Marguerite Aubelune/ }).click()
    await dialog.getByRole('textbox', { name: /Which interests/ }).fill('None declared.')
    expect(await findings(secretariat)).toEqual([])
    await dialog.getByRole('button', { name: 'Appoint' }).click()
    await leader.getByText('Marguerite Aubelune').first().waitFor()

    await leader.getByRole('button', { name: 'Confirm the lead' }).click()
    const confirm = leader.getByRole('dialog')
    await confirm.getByText('Halvern Police', { exact: true }).first().click()
    await confirm.getByRole('button', { name: 'Confirm the lead' }).click()
    await secretariat.locator('.band').getByText('Halvern Police').waitFor()
    await secretariat.locator('.band').getByText('UNRESOLVED').waitFor({ state: 'detached' })
  })

  test('T+25 an agency that is expected and silent comes before the secretariat, and not before other agencies', async () => {
    await city.later(world, 5)
    await secretariat
      .getByText(/Harbour.* is expected and silent/)
      .first()
      .waitFor()
    await secretariat
      .getByRole('row', { name: /Harbour/ })
      .getByText(/silent since/)
      .first()
      .waitFor()
    const other = await at('yusra.pennilow', inExercise(`/response/centre/${incidentId}`))
    await other
      .getByRole('row', { name: /Harbour/ })
      .first()
      .waitFor()
    expect(await other.getByText(/silent/).count()).toBe(0)
  })

  test.skip('T+1 the first structured report, partial, is offered to every partner’s control room: still to come (communications, reports)')
  test.skip(
    'T+5 one agency declares; the board shows it Declared and the others Unknown, and the clocks of acknowledgement run: still to come (communications, declarations)',
  )
  test.skip(
    'T+10 one has not acknowledged and its supervisor is alerted; another records “not declaring, because…”: still to come (communications, declarations)',
  )
  test.skip('T+12 the action card of the framework opens by itself, its annex pinned to a version: still to come (readiness, plans)')
  test.skip(
    'T+30 a holding statement is released from approved facts; a partner’s differing figure is blocked: still to come (communications, statements)',
  )
  test.skip(
    'T+40 a sensitive item above the ceiling is rejected and a pointer kept; a sanitised brief is shared: still to come (sharing, tear lines)',
  )

  test('T+60 one joins from afar without authority, and the seat says so on every screen', async () => {
    const voluntary = await at('joaquim.tellamar', inExercise(`/response/centre/${incidentId}`), pocket)
    await voluntary.getByRole('button', { name: 'More' }).click()
    const dialog = voluntary.getByRole('dialog')
    await dialog.getByText('From afar, by link').click()
    await dialog.getByText('With authority to decide and to commit the agency').click()
    expect(await findings(voluntary)).toEqual([])
    await dialog.getByRole('button', { name: 'Set the seat' }).click()
    await secretariat
      .getByRole('row', { name: /Open Hand/ })
      .getByText('from afar, no authority to decide')
      .first()
      .waitFor()
    await leader
      .getByText(/from afar, no authority to decide/)
      .first()
      .waitFor()
  })

  test('T+75 a decision stands with its dissent word for word before those in the group, and before nobody else; its task is accepted by the post that owns it', async () => {
    const chair = await at('solveig.marrowgate', inExercise(`/response/centre/${incidentId}/decisions`), pocket)
    const police = await at('kwabena.ottersby', inExercise(`/response/centre/${incidentId}/decisions`))
    const loggist = await at('bao.lindqvale', inExercise(`/response/centre/${incidentId}/decisions/record`))
    const choose = async (field: RegExp, option: RegExp) => {
      await loggist.getByRole('button', { name: field }).first().click()
      await loggist.getByRole('option', { name: option }).first().click()
    }
    await loggist.getByRole('textbox', { name: /Question to be decided/ }).fill('Shall Lantern Square stay closed through the night?')
    await choose(/Decided by/, /HAL-POL-SCG/)
    await choose(/Who may read it/, /Only Strategic/)
    await loggist
      .getByRole('textbox', { name: /What could be done/ })
      .nth(0)
      .fill('Keep it closed until 06:00')
    await loggist
      .getByRole('textbox', { name: /What could be done/ })
      .nth(1)
      .fill('Open the east side at 20:00')
    await loggist.getByText('The reasons follow within 30 minutes').click()
    await loggist.getByRole('button', { name: 'Record a position' }).click()
    await choose(/Whose position/, /HAL-PHA-EXE/)
    const dissent =
      'If the trams stop all night, the clinic at Weir Street loses its staff. I would open the east side at eight, and I want that written down.'
    await loggist.getByRole('textbox', { name: 'Their words' }).fill(dissent)
    expect(await findings(loggist)).toEqual([])
    await loggist.getByRole('button', { name: 'Record a decision' }).click()
    await loggist.getByText('position not adopted', { exact: true }).first().waitFor()

    await chair.getByText('Shall Lantern Square stay closed').first().waitFor()
    await chair.getByText('reasons owed').first().waitFor()
    await chair
      .getByRole('link', { name: /Shall Lantern Square/ })
      .first()
      .click()
    await chair.getByText(dissent).first().waitFor()
    await chair.getByRole('button', { name: 'This is what I decided' }).click()
    await loggist.getByText('confirmed', { exact: true }).first().waitFor()
    expect(await findings(chair)).toEqual([])
    // Same agency as the chair, in the incident, and not in the group: nothing of it, not even that it is there.
    await police.reload()
    await police.getByText('No decision that you can read').waitFor()
    expect(await police.content()).not.toContain('Lantern Square stay closed')
    await police.goto(`${city.url}/response/centre/${incidentId}/timeline`)
    await police.getByText('Open Hand here from afar').first().waitFor()
    expect(await police.content()).not.toContain('Lantern Square stay closed')

    const shown = await at('elspeth.varrowmere', inExercise(`/response/centre/${incidentId}/tasks`))
    await asks('bao.lindqvale', 'response.giveTask', {
      onBehalfOf: await city.idOf('post', 'HAL-POL-SCG'),
      ownerPostId: await city.idOf('post', 'HAL-VOL-DUT'),
      text: 'Open the rest centre at Saltmarsh Hall for 300 people.',
      dueAt: new Date(Date.parse(firstSignal) + 3 * 3_600_000).toISOString(),
    })
    await shown.getByText('given, not accepted').first().waitFor()
    const owner = await at('joaquim.tellamar', inExercise(`/response/centre/${incidentId}/tasks`), pocket)
    await owner.getByRole('button', { name: 'Accept' }).click()
    await shown
      .getByRole('row', { name: /Saltmarsh Hall/ })
      .getByText('accepted', { exact: true })
      .waitFor()
    expect(await findings(shown)).toEqual([])
    expect(await findings(owner)).toEqual([])
  })

  test.skip('T+90 the recovery group opens in the shadow of the response: still to come (response, recovery)')
  test.skip('T+120 the review of the declaration is due, and is recorded: still to come (communications, declarations)')
  test.skip(
    'T+6 h one shift relieves another: the hand-over brief is accepted, who comes late sees what has changed: still to come (response, hand-over)',
  )
  test.skip('T+24 h the lead changes to the local authority with two signatures: still to come (response, lead over time)')
  test.skip('T+72 h the hot debrief closes, with inputs that nobody is named in: still to come (lessons, debriefs)')
  test.skip('T+28–42 d the multi-agency debrief finds a lesson that came back, and opens it again: still to come (lessons, oversight)')
  test.skip('T+90 d the committee sees what is overdue, and peers from another city a redacted pack: still to come (lessons, peer review)')
  test.skip('the next exercise shows that the lesson holds, and confidence in the capability rises: still to come (readiness, exercises)')

  test('nothing went wrong in anybody’s window', () => {
    expect(windows.flatMap(({ who, said }) => said.map((line) => `${who}: ${line}`))).toEqual([])
  })
})

/** Asks again until there is an answer. */
async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + 30_000
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (Date.now() > end) throw new Error('It did not come about in 30 s.')
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
