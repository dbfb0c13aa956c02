import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestDoor } from '#core/access/sign-in/testing.ts'
import { liveWorld, type TestCity, type TestPerson, testCity } from '#core/db/testing.ts'
import { liveDoor } from '#core/http/testing.ts'
import { id } from '#core/id.ts'
import { desk, findings, openBrowser, openWindow, picture, pocket, ready, wall, why } from '#core/web/testing.ts'
import { area } from '../area.ts'
import { inventedNetwork, storeNetwork } from '../network/testing.ts'
import { setChair } from '../network/rules/changes.ts'
import { structureFor, type TestHolder } from '../testing.ts'
import { fitted } from './rules/geometry.ts'
import { aspects, type Box, layoutOf, seatBox } from './rules/layout.ts'
import { openClusters, sceneOf } from './rules/scene.ts'

describe.skipIf(!ready)(`the picture of the network, in a real browser${why}`, () => {
  const network = inventedNetwork({ agencies: 26, posts: 34, groups: 9, links: 60, seed: 4 })
  const [strategic] = network.groups
  let city: TestCity
  let door: TestDoor
  let browser: Browser
  let person: TestPerson
  let executive: TestHolder
  const said: string[] = []
  beforeAll(async () => {
    city = await testCity()
    await city.owner.query("insert into access.city (code, name) values ('test', 'Testham')")
    await storeNetwork(city.owner, network)
    // A version without the last link, and with nobody in the chair of the first group.
    const before = setChair({ ...network, links: network.links.slice(0, -1) }, strategic!.id, null)
    await city.owner.query(
      `insert into structure.versions (id, number, network, hash, in_force_from, basis, label, world)
       values ($1, 1, $2, sha256('before'), '2026-01-10T09:00Z', 'import', access.city_label(), $3)`,
      [id(), JSON.stringify(before), liveWorld],
    )
    executive = await structureFor(city).holder('Ed Executive', network.agencies[0]!.id, 'executive')
    person = await city.person('Rita Resilience', ['city:test', 'kind:secretariat'])
    door = await liveDoor(city, { areas: [area] })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await door?.stop()
    await city?.end()
  })
  const open = async (search = '', options: object = desk, who = person): Promise<Page> => {
    const { page } = await openWindow(browser, door.url, who.key, options as never, said)
    await page.goto(`${door.url}/structure/network${search}`)
    await page.locator('main h1').waitFor()
    await page.locator('canvas[data-drawn]').first().waitFor()
    return page
  }

  test.each([
    { name: 'desk, light', ...desk, colorScheme: 'light' },
    { name: 'desk, dark', ...desk, colorScheme: 'dark' },
    { name: 'pocket', ...pocket, colorScheme: 'light' },
    { name: 'wall', ...wall, colorScheme: 'dark' },
  ] as const)('$name: no axe finding, nothing refused by the policy, nothing wider than the screen', async ({ name, ...options }) => {
    const page = await open(name === 'wall' ? '?view=wall' : '', options)
    if (name !== 'wall') await page.getByRole('grid', { name: 'Links' }).waitFor()
    await picture(page, `network ${name}`)
    expect(await findings(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    if (name !== 'wall') {
      await page.goto(`${door.url}/structure/network?focus=${strategic!.id}`)
      await page.getByRole('complementary', { name: 'Chosen' }).waitFor()
      await picture(page, `network chosen ${name}`)
      expect(await findings(page)).toEqual([])
    }
    expect(said).toEqual([])
    await page.context().close()
  })

  test('at 200 %, and from right to left: no axe finding, nothing wider than the screen, the picture and its tables there', async () => {
    for (const [name, options, dir] of [
      ['200 percent', { viewport: { width: 640, height: 450 } }, 'ltr'],
      ['right to left', desk, 'rtl'],
      ['right to left, pocket', pocket, 'rtl'],
    ] as const) {
      const page = await open(`?focus=${strategic!.id}`, options)
      await page.evaluate((way) => Object.assign(document.documentElement, { dir: way }), dir)
      await page.getByRole('complementary', { name: 'Chosen' }).waitFor()
      await page.getByRole('grid', { name: 'Links' }).waitFor()
      await picture(page, `network ${name}`)
      expect(await findings(page), name).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), name).toBeLessThanOrEqual(0)
      await page.context().close()
    }
  })

  test('on paper it is black on white, whole, with its tables and without what one presses', async () => {
    const page = await open('', { ...desk, colorScheme: 'dark' })
    await page.getByRole('grid', { name: 'Links' }).waitFor()
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
    await picture(page, 'network paper')
    const looks = await page.evaluate(() => {
      const canvas = document.querySelector('canvas')!
      const frame = document.querySelector('[role=grid]')!.closest('.table-frame')!
      return {
        paper: getComputedStyle(document.documentElement).backgroundColor,
        corner: [...canvas.getContext('2d')!.getImageData(1, 1, 1, 1).data],
        wider: canvas.getBoundingClientRect().right - document.documentElement.clientWidth,
        cut: frame.scrollHeight - frame.clientHeight,
        presses: [...document.querySelectorAll('.button')].filter((one) => (one as HTMLElement).offsetParent !== null).length,
      }
    })
    expect(looks).toMatchObject({ paper: 'rgb(255, 255, 255)', cut: 0, presses: 0 })
    // Drawn in the colours of paper, also from a dark screen.
    expect(looks.corner.slice(0, 3).every((value) => value > 240)).toBe(true)
    expect(looks.wider).toBeLessThanOrEqual(0)
    await page.context().close()
  })

  /** A busy machine takes its time. */
  const soon = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 })
  const asked = (page: Page) => new URL(page.url()).searchParams
  const rows = (page: Page, name: string) => page.getByRole('grid', { name, exact: true }).getByRole('row')

  test('the whole of it by keyboard: from one to the next, along a link and back, a cluster closed and opened', async () => {
    const page = await open()
    const board = page.getByRole('application', { name: 'Picture of the network' })
    await board.focus()
    await page.keyboard.press('Home')
    const first = network.groups.find(({ tier }) => tier === 'national')!
    await page
      .getByRole('status')
      .filter({ hasText: `${first.name}, group, National.` })
      .waitFor()
    await page.getByRole('complementary', { name: 'Chosen' }).getByRole('heading', { name: first.name }).waitFor()
    await soon(() => asked(page).get('focus')).toBe(first.id)
    const link = network.links.find(({ from, to }) => from.id === first.id || to.id === first.id)!
    expect(link).toBeDefined()
    await page.keyboard.press('ArrowRight')
    await page
      .getByRole('status')
      .filter({ hasText: / (directs|reports to|informs|asks|liaises with) .*(tested|untested)/ })
      .waitFor()
    await page.keyboard.press('ArrowDown')
    await soon(() => asked(page).get('focus')).not.toBe(first.id)
    await picture(page, 'network keyboard')
    await board.focus()
    await page.keyboard.press('ArrowUp')
    await soon(() => asked(page).get('focus')).toBe(first.id)
    await page.keyboard.press('Space')
    await soon(() => asked(page).get('open') ?? '').not.toContain('tier:national')
    await page.keyboard.press('Escape')
    await soon(() => asked(page).get('focus')).toBeNull()
    expect(said).toEqual([])
    await page.context().close()
  })

  test('what is asked for stands in the address, narrows picture and tables alike, and is let go with one button', async () => {
    const page = await open()
    await page.getByRole('button', { name: /Links that/ }).click()
    await page.getByRole('option', { name: 'directs' }).click()
    const directs = network.links.filter(({ kind }) => kind === 'directs').length
    await page.getByText(`Shown: ${directs} of ${network.links.length} links`).waitFor()
    await soon(() => rows(page, 'Links').count()).toBe(directs + 1)
    expect(asked(page).get('kind')).toBe('directs')
    await page.reload()
    await page.getByText(`Shown: ${directs} of ${network.links.length} links`).waitFor()
    await page.getByRole('button', { name: 'Show everything' }).click()
    await page.getByText(`Shown: ${network.links.length} of`).waitFor()
    expect(asked(page).get('kind')).toBeNull()
    await page.getByLabel('Find a name, code or post').fill(strategic!.name.toUpperCase())
    await page.keyboard.press('Enter')
    await soon(() => asked(page).get('focus') ?? '').toBe(strategic!.id)
    await page.goto(`${door.url}/structure/network?attack=chemical`)
    await page.getByRole('tab', { name: 'Seats' }).click()
    const joins = network.variants.find(({ effect }) => effect === 'joins')!
    const joiner = network.agencies.find(({ id: agency }) => agency === joins.agencyId)!
    await rows(page, 'Seats').filter({ hasText: joiner.name }).filter({ hasText: strategic!.name }).waitFor()
    expect(said).toEqual([])
    await page.context().close()
  })

  test('two versions side by side: two pictures, marks, and a table of what came and what changed', async () => {
    const page = await open('?against=1')
    await soon(() => page.locator('canvas[data-drawn]').count()).toBeGreaterThan(1)
    const differences = rows(page, 'Differences')
    await differences.filter({ hasText: strategic!.name }).filter({ hasText: 'chair' }).waitFor()
    // The heading, the chair, the link, and the post of the executive, who came after that version.
    expect(await differences.count()).toBe(4)
    expect(await page.getByRole('application').count()).toBe(2)
    await page
      .getByText('triangle', { exact: false })
      .or(page.getByText('changed', { exact: true }))
      .first()
      .waitFor()
    await picture(page, 'network side by side')
    expect(await findings(page)).toEqual([])
    await page.goto(`${door.url}/structure/network?version=1`)
    await page.getByText(`Shown: ${network.links.length - 1} of ${network.links.length - 1} links`).waitFor()
    expect(said).toEqual([])
    await page.context().close()
  })

  /** Where things are on the screen: the picture is laid out by rules, so a test knows it as the page does. */
  async function places(page: Page) {
    const scene = sceneOf(network, openClusters(network, undefined), new Date(), { sector: String, tier: String })
    const layout = layoutOf(scene, aspects.desk)
    const canvas = page.locator('canvas[data-first]').first()
    await canvas.scrollIntoViewIfNeeded()
    const window = (await canvas.boundingBox())!
    const camera = fitted(layout.width, layout.height, { w: window.width, h: window.height })
    const onScreen = ({ x, y }: { x: number; y: number }) => ({
      x: window.x + (x - camera.x) * camera.k,
      y: window.y + (y - camera.y) * camera.k,
    })
    const title = (nodeId: string) => {
      const box = layout.boxes.get(nodeId)!
      return onScreen({ x: box.x + 30, y: box.y + 14 })
    }
    const seat = (nodeId: string, place: number) => {
      const node = scene.nodes.find((one) => one.id === nodeId)!
      const box: Box = seatBox(layout.boxes.get(nodeId)!, node.seats.length, place)
      return { id: node.seats[place]!.id, at: onScreen({ x: box.x + box.w / 2, y: box.y + box.h / 2 }) }
    }
    const drag = async (from: { x: number; y: number }, to: { x: number; y: number }) => {
      await page.mouse.move(from.x, from.y)
      await page.mouse.down()
      await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 })
      await page.mouse.move(to.x, to.y, { steps: 4 })
      await page.mouse.up()
    }
    return { scene, title, seat, drag }
  }

  test('by a finger: a tap chooses, and a drag moves the whole', async () => {
    const page = await open('', { ...desk, hasTouch: true })
    const at = (await places(page)).title(strategic!.id)
    await page.touchscreen.tap(at.x, at.y)
    await soon(() => asked(page).get('focus')).toBe(strategic!.id)
    await page.getByRole('complementary', { name: 'Chosen' }).waitFor()
    const before = await page.locator('canvas[data-first]').first().screenshot()
    const touches = await page.context().newCDPSession(page)
    const finger = (type: 'touchStart' | 'touchMove' | 'touchEnd', x = 0, y = 0) =>
      touches.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] })
    const box = (await page.locator('canvas[data-first]').first().boundingBox())!
    const [x, y] = [box.x + 12, box.y + box.height - 12]
    await finger('touchStart', x, y)
    for (let step = 1; step <= 8; step += 1) await finger('touchMove', x + step * 12, y - step * 8)
    await finger('touchEnd')
    await soon(async () => (await page.locator('canvas[data-first]').first().screenshot()).equals(before)).toBe(false)
    await picture(page, 'network finger')
    expect(said).toEqual([])
    await page.context().close()
  })

  test('a link is drawn by a drag, a seat moves to another room, all is undone and done again, and a reload loses nothing', async () => {
    const page = await open('?edit=true', desk, executive)
    const { scene, title, drag } = await places(page)
    const free = network.groups.find(
      ({ id: group }) => group !== strategic!.id && !network.links.some(({ from, to }) => from.id === strategic!.id && to.id === group),
    )!
    await drag(title(strategic!.id), title(free.id))
    const dialog = page.getByRole('dialog', { name: 'A link' })
    await dialog.getByRole('button', { name: new RegExp(`From.*${strategic!.name}|${strategic!.name}.*From`) }).waitFor()
    expect(await findings(page)).toEqual([])
    await dialog.getByText('asks', { exact: true }).click()
    await dialog.getByRole('button', { name: 'Keep in the draft' }).click()
    const changes = rows(page, 'What the draft changes')
    await changes.filter({ hasText: `${strategic!.name} asks ${free.name}` }).waitFor()

    const room = scene.nodes.find((node) => node.kind === 'group' && node.seats.length > 0 && node.id !== strategic!.id)!
    const goal = network.groups.find(
      ({ id: group }) =>
        group !== room.id &&
        !network.memberships.some(({ groupId, agencyId }) => groupId === group && agencyId === room.seats[0]!.agencyId),
    )!
    const again = await places(page)
    await drag(again.seat(room.id, 0).at, again.title(goal.id))
    await changes.filter({ hasText: 'seat' }).filter({ hasText: goal.name }).waitFor()
    await picture(page, 'network draft')
    expect(await findings(page)).toEqual([])
    expect(await changes.count()).toBe(3)

    await page.getByRole('button', { name: 'Undo' }).click()
    await soon(() => changes.count()).toBe(2)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Nothing yet.', { exact: false }).waitFor()
    await page.getByRole('button', { name: 'Redo' }).click()
    await changes.filter({ hasText: `${strategic!.name} asks ${free.name}` }).waitFor()
    await page.reload()
    await changes.filter({ hasText: `${strategic!.name} asks ${free.name}` }).waitFor()
    expect(said).toEqual([])
    await page.context().close()
  })

  test('the same by keyboard from the tables, refused where it cannot be, and sent as a proposal', async () => {
    const page = await open('?edit=true&tab=groups', desk, executive)
    // In the grid: to the row, then back round to its last cell, which is the button.
    await rows(page, 'Groups').filter({ hasText: strategic!.name }).first().focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Enter')
    const offices = page.getByRole('dialog')
    await offices.waitFor()
    await picture(page, 'network offices')
    const deputy = network.posts.find(({ id: post }) => post === strategic!.deputyChairPostId)!
    await offices.getByRole('button', { name: /Chair/ }).first().focus()
    await page.keyboard.press('Enter')
    await page.getByRole('option', { name: deputy.title }).first().waitFor()
    const place = await page.getByRole('option').allInnerTexts()
    expect(place.length).toBeGreaterThan(2)
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
    await offices.getByRole('button', { name: 'Keep in the draft' }).focus()
    await page.keyboard.press('Enter')
    await offices.waitFor({ state: 'detached' })
    const changes = rows(page, 'What the draft changes')
    await changes.filter({ hasText: strategic!.name }).filter({ hasText: 'chair' }).waitFor()
    await page.getByRole('button', { name: 'Propose it' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByLabel('What it is about').fill('An empty chair')
    await page.getByRole('dialog').getByLabel('Reason').fill('It is filled by rota.')
    await page.getByRole('dialog').getByRole('button', { name: 'Propose it' }).press('Enter')
    await page.getByRole('heading', { name: 'An empty chair' }).waitFor()
    await page.getByRole('link', { name: 'Change the draft in the picture' }).click()
    await page.locator('canvas[data-drawn]').first().waitFor()
    await changes.filter({ hasText: strategic!.name }).waitFor()
    expect(said).toEqual([])
    await page.context().close()
  })
})
