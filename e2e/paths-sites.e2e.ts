import { expect, type Page, test } from '@playwright/test'
import { accessible } from './accessible.ts'
import { SimulatedNetwork } from './simulated-network.ts'

/** More nodes than a matrix can show: rows are sites, and the way into one of them. */
test.describe.configure({ mode: 'serial' })

const NODES = 310
const SITES = 8
let network: SimulatedNetwork
let page: Page

test.beforeAll(async ({ browser }) => {
  network = await SimulatedNetwork.start({ nodes: NODES, sites: SITES })
  page = await (await browser.newContext({ viewport: { width: 1360, height: 860 }, reducedMotion: 'reduce' })).newPage()
  await network.signIn(page)
})

test.afterAll(async () => {
  await page?.context().close()
  await network?.[Symbol.asyncDispose]()
})

const matrix = (what: string | RegExp) => page.getByRole('application', { name: what })
const panel = (name: string | RegExp) => page.getByRole('complementary', { name })

test('beyond 300 nodes the rows are sites, each with its number of nodes', async () => {
  await page.goto(network.url('paths'))
  await expect(matrix(`Matrix of ${SITES} sites`)).toBeVisible()
  await expect(page.getByText(`of ${((NODES * (NODES - 1)) / 2).toLocaleString('en')} pairs direct`)).toBeVisible()
  await accessible(page)
})

test('two sites say how many of their pairs are direct, and lead into each of them', async () => {
  await matrix(/^Matrix of/).focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(panel(/^Paths \S+ → \S+/)).toContainText('pairs go through gateways')
  await accessible(page)
  await page.reload()
  await panel(/^Paths/)
    .getByRole('button', { name: 'Open frankfurt' })
    .click()
  const there = network.fleet.nodes.filter(({ who }) => who.site === 'frankfurt').length
  await expect(page.getByText(`frankfurt: ${there} nodes`)).toBeVisible()
  await expect(matrix(`Matrix of ${there} nodes`)).toBeVisible()
  await accessible(page)
})

test('inside of a site two of its nodes say why, and the way back is one button', async () => {
  await matrix(/^Matrix of/).focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  // A gateway comes first in its site.
  await expect(panel(/^Why this path/)).toContainText(/By the tunnel between frankfurt-gw-1 and frankfurt-/)
  await page.getByRole('button', { name: 'All sites' }).click()
  await expect(matrix(`Matrix of ${SITES} sites`)).toBeVisible()
})

test('the diagonal leads into a site by itself, and two nodes of other sites are asked for by name', async () => {
  await matrix(/^Matrix of/).focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await expect(page.getByText(/^austin: \d+ nodes/)).toBeVisible()
  await page.getByRole('button', { name: 'All sites' }).click()
  const [a, b] = ['oslo', 'lisbon'].map((site) => network.fleet.membersAt(site)[0]?.who.name ?? '')
  await page.getByLabel('From', { exact: true }).fill(a ?? '')
  await page.getByLabel('To', { exact: true }).fill(b ?? '')
  await page.getByRole('button', { name: 'Ask why' }).click()
  await expect(panel(`Why this path: ${a} → ${b}`)).toContainText('in a hub the gateways carry everything')
})
