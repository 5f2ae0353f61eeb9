import { expect, type Page, test } from '@playwright/test'
import { accessible } from './accessible.ts'
import { SimulatedNetwork } from './simulated-network.ts'

/** The live map in front of a simulated fleet of sixty: what is painted, and all that can be done to it by hand, pointer and key. */
test.describe.configure({ mode: 'serial' })

const NODES = 60
let network: SimulatedNetwork
let page: Page

test.beforeAll(async ({ browser }) => {
  network = await SimulatedNetwork.start({ nodes: NODES, sites: 5 })
  page = await (await browser.newContext({ viewport: { width: 1360, height: 860 }, reducedMotion: 'reduce' })).newPage()
  await network.signIn(page)
})

test.afterAll(async () => {
  await page?.context().close()
  await network?.[Symbol.asyncDispose]()
})

const summary = () => page.getByRole('status').filter({ hasText: /nodes?/ })
const map = () => page.getByRole('application', { name: 'Map of the network' })
const panel = (name: string | RegExp) => page.getByRole('complementary', { name })

test('every node and every measured tunnel is painted, in the colour of its state', async () => {
  await page.goto(network.url('topology'))
  await expect(summary()).toContainText(`${NODES} nodes · ${NODES - 1} of ${NODES - 1} tunnels alive`)
  await expect(page.getByRole('img', { name: `${NODES} nodes and ${NODES - 1} measured tunnels` })).toBeVisible()
  await expect.poll(() => painted('--good-mark')).toBeGreaterThan(500)
  expect(await painted('--bad-mark')).toBe(0)
})

test('searching finds a node and opens what is known of it', async () => {
  const { name } = network.fleet.nodes[20]?.who ?? { name: '' }
  await page.getByRole('combobox', { name: 'Find a node' }).fill(name)
  await expect(page.getByRole('option').first()).toContainText(name)
  await page.keyboard.press('Enter')
  await expect(panel(`Node ${name}`)).toContainText('1 of 1 alive')
  await expect(page).toHaveURL(/[?&]node=[0-9a-f-]{36}/)
  await panel(`Node ${name}`).getByRole('button', { name: network.fleet.gateway.who.name }).click()
  const tunnel = panel(new RegExp(`^Tunnel .*${name}`))
  await expect(tunnel).toContainText('Alive both ways')
  await expect(tunnel).toContainText(`hears ${name}`)
  await expect(tunnel).toContainText(`hears ${network.fleet.gateway.who.name}`)
  await accessible(page)
  await page.keyboard.press('Escape')
  await expect(tunnel).toHaveCount(0)
  await page.getByRole('combobox').fill('')
})

test('by key: arrows walk, Enter opens, Escape steps back, and Tab does not get caught', async () => {
  await map().focus()
  await page.keyboard.press('ArrowRight')
  await expect(map().locator('[aria-live]')).toContainText(network.fleet.gateway.who.name)
  await page.keyboard.press('ArrowRight')
  await expect(map().locator('[aria-live]')).not.toContainText(network.fleet.gateway.who.name)
  const [name] = ((await map().locator('[aria-live]').textContent()) ?? '').split('. ')
  await page.keyboard.press('Enter')
  await expect(panel(`Node ${name}`)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(panel(`Node ${name}`)).toHaveCount(0)
  await expect(map()).toBeFocused()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Tab')
  await expect(map()).not.toBeFocused()
  const before = await picture()
  await map().focus()
  await page.keyboard.press('+')
  await expect.poll(picture).not.toBe(before)
  await page.keyboard.press('0')
})

test('a node stays where it is when the measurements come anew, and when the page does', async () => {
  await page.mouse.move(5, 5)
  const found = await somewhereOnTheMap()
  const answer = page.waitForResponse((response) => response.url().includes('topology.get'), { timeout: 20_000 })
  await page.mouse.move(5, 5)
  await answer
  expect(await under(found)).toBe(found.name)
  await page.reload()
  await expect(summary()).toContainText(`${NODES} nodes`)
  await expect.poll(() => painted('--good-mark')).toBeGreaterThan(500)
  expect(await under(found)).toBe(found.name)
})

test('a filter takes the rest off the map, and stands in the URL', async () => {
  const [, site = ''] = network.fleet.sites
  const members = network.fleet.membersAt(site).length
  await page.getByRole('button', { name: 'Filter' }).click()
  await page.getByLabel('Site').selectOption({ label: site })
  await expect(summary()).toContainText(`${members} of ${NODES} nodes · ${members} of ${members} tunnels alive`)
  // and the gateway at the other end of them
  await expect(page.getByRole('img', { name: `${members + 1} nodes and ${members} measured tunnels` })).toBeVisible()
  await expect(page).toHaveURL(/[?&]site=/)
  await page.reload()
  await expect(summary()).toContainText(`${members} of ${NODES} nodes`)
  await page.getByRole('button', { name: 'Filter' }).click()
  await page.getByRole('button', { name: 'Show all' }).click()
  await expect(summary()).toContainText(`${NODES} nodes ·`)
})

test('a site that is cut off turns from green on the map and is said in words', async () => {
  const site = network.fleet.sites.findLast((name) => network.fleet.membersAt(name).length > 1) ?? ''
  const members = network.fleet.membersAt(site)
  network.fleet.strike('cut', { kind: 'site-cut', site })
  await expect.poll(() => painted('--bad-mark'), { timeout: 40_000 }).toBeGreaterThan(30)
  await expect(page.getByRole('button', { name: /^In trouble \([1-9]/ })).toBeVisible()
  await page.getByRole('button', { name: 'Show as table' }).click()
  const row = page.getByRole('row', { name: new RegExp(members[0]?.who.name ?? '-') })
  await expect(row).toContainText(/Dead|One way only/, { timeout: 30_000 })
  await accessible(page)
  await page.getByRole('button', { name: 'Show as map' }).click()
})

test('when the server is gone the page says since when, and claims nothing newer', async () => {
  await network.server.kill()
  await expect(page.getByText(/The server does not answer. This is the picture of \d\d:\d\d:\d\d/)).toBeVisible({
    timeout: 40_000,
  })
})

/** How many pixels of the canvas have exactly the colour of a token. */
function painted(token: string): Promise<number> {
  return page.evaluate((name) => {
    const canvas = document.querySelector('canvas')
    const context = canvas?.getContext('2d')
    if (!canvas || !context || canvas.width === 0) return 0
    const probe = document.createElement('canvas').getContext('2d')
    if (!probe) return 0
    probe.fillStyle = getComputedStyle(canvas).getPropertyValue(name).trim()
    probe.fillRect(0, 0, 1, 1)
    const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
    let count = 0
    for (let at = 0; at < data.length; at += 4)
      if (data[at] === red && data[at + 1] === green && data[at + 2] === blue && data[at + 3] === 255) count++
    return count
  }, token)
}

function picture(): Promise<string> {
  return page.evaluate(() => document.querySelector('canvas')?.toDataURL() ?? '')
}

type Found = { x: number; y: number; name: string }

/** Which node is under the pointer there, by what is shown beside it; null when none is. */
async function under({ x, y }: { x: number; y: number }): Promise<string | null> {
  await page.mouse.move(x - 30, y - 200)
  await page.mouse.move(x, y)
  await page.waitForTimeout(60)
  const text = await page.evaluate(() => document.querySelector('[data-points] + div b')?.textContent ?? null)
  return network.fleet.nodes.some(({ who }) => who.name === text) ? text : null
}

/** The middle of a member: the first place where a square of pixels has the colour that only they are filled with. */
async function somewhereOnTheMap(): Promise<Found> {
  const at = await page.evaluate(() => {
    const canvas = document.querySelector('canvas')
    const context = canvas?.getContext('2d')
    const probe = document.createElement('canvas').getContext('2d')
    if (!canvas || !context || !probe) return null
    probe.fillStyle = getComputedStyle(canvas).getPropertyValue('--line').trim()
    probe.fillRect(0, 0, 1, 1)
    const wanted = probe.getImageData(0, 0, 1, 1).data.join()
    const { width, height } = canvas
    const { data } = context.getImageData(0, 0, width, height)
    const isBody = (x: number, y: number) => {
      for (let dy = -2; dy <= 2; dy++)
        for (let dx = -2; dx <= 2; dx++) {
          const start = ((y + dy) * width + x + dx) * 4
          if (data.slice(start, start + 4).join() !== wanted) return false
        }
      return true
    }
    const box = canvas.getBoundingClientRect()
    for (let y = 100; y < height - 100; y += 2)
      for (let x = 40; x < width - 80; x += 2) if (isBody(x, y)) return { x: box.left + x, y: box.top + y }
    return null
  })
  const name = at && (await under(at))
  if (!at || !name) throw new Error('no node is painted on the map')
  return { ...at, name }
}
