import { expect, type Page, test } from '@playwright/test'
import { accessible } from './accessible.ts'
import { SimulatedNetwork } from './simulated-network.ts'

/** The list of nodes and the page of one, in front of a simulated fleet of sixty. */
test.describe.configure({ mode: 'serial' })

const NODES = 60
let network: SimulatedNetwork
let page: Page

test.beforeAll(async ({ browser }) => {
  network = await SimulatedNetwork.start({ nodes: NODES, sites: 4 })
  page = await (await browser.newContext({ viewport: { width: 1360, height: 720 }, reducedMotion: 'reduce' })).newPage()
  await network.signIn(page)
})

test.afterAll(async () => {
  await page?.context().close()
  await network?.[Symbol.asyncDispose]()
})

const table = () => page.getByRole('table', { name: 'Nodes' })
const bodyRows = () => table().locator('tbody').getByRole('row')
const head = (name: string) => table().getByRole('columnheader', { name, exact: true })
const names = async () => (await bodyRows().getByRole('link').allTextContents()).map((text) => text.trim())
const byName = new Intl.Collator('en', { numeric: true })

test('all nodes are counted, and only those in sight exist', async () => {
  await page.goto(network.url('nodes'))
  await expect(page.getByText(`${NODES} nodes, none in trouble.`)).toBeVisible({ timeout: 30_000 })
  await expect(table()).toHaveAttribute('aria-rowcount', String(NODES + 1))
  expect(await bodyRows().count()).toBeLessThan(NODES - 10)
  const region = page.getByRole('region', { name: 'Nodes' })
  await region.evaluate((element) => element.scrollTo(0, element.scrollHeight))
  await expect(table().locator(`[aria-rowindex="${NODES + 1}"]`)).toBeVisible()
})

test('heads sort, and the order stands in the URL', async () => {
  await head('Node').getByRole('button').click()
  await expect(page).toHaveURL(/[?&]sort=name/)
  await expect(head('Node')).toHaveAttribute('aria-sort', 'ascending')
  await page.getByRole('region', { name: 'Nodes' }).evaluate((element) => element.scrollTo(0, 0))
  const all = network.fleet.nodes.map(({ who }) => who.name).sort(byName.compare)
  expect((await names())[0]).toBe(all[0])
  await head('Node').getByRole('button').click()
  await expect(page).toHaveURL(/[?&]sort=-name/)
  await page.reload()
  await expect(head('Node')).toHaveAttribute('aria-sort', 'descending')
  await expect.poll(async () => (await names())[0]).toBe(all.at(-1))
})

test('filters stand in the URL, alone and together, and what fits nothing says so', async () => {
  const [site = ''] = network.fleet.sites
  const members = network.fleet.membersAt(site)
  await page.goto(network.url('nodes'))
  // The list is there before its script is: what is chosen before that counts for nothing.
  await expect(async () => {
    await page.getByLabel('Site', { exact: true }).selectOption({ label: site })
    await expect(page.getByText(`${members.length + 1} of ${NODES} nodes.`)).toBeVisible({ timeout: 1000 })
  }).toPass({ timeout: 60_000 })
  await page.getByLabel('Role', { exact: true }).selectOption({ label: 'Gateways' })
  await expect(page.getByText(`1 of ${NODES} nodes.`)).toBeVisible()
  await expect(page).toHaveURL(/[?&]role=gateway/)
  await page.reload()
  await expect.poll(names).toEqual([network.fleet.gateway.who.name])
  await page.getByLabel('Name, address, label, site').fill('nobody at all')
  await expect(page.getByRole('heading', { name: 'No node fits' })).toBeVisible()
  await page.getByRole('button', { name: 'Show all' }).click()
  await expect(page.getByText(`${NODES} nodes, none in trouble.`)).toBeVisible()
  await expect.poll(() => new URL(page.url()).search).toBe('')
})

test('the keys walk the rows and select them', async () => {
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  const bar = page.getByRole('region', { name: 'The selected nodes' })
  await expect(bar).toContainText('2 nodes selected')
  await bar.getByRole('button', { name: 'Select none' }).click()
  await expect(bar).toHaveCount(0)
})

test('a label is put on many at once, and found again', async () => {
  const chosen = network.fleet.membersAt(network.fleet.sites[1] ?? '').slice(0, 3)
  for (const { who } of chosen) {
    await page.getByLabel('Name, address, label, site').fill(who.name)
    await page.getByRole('checkbox', { name: `Select ${who.name}`, exact: true }).check()
  }
  await page.getByLabel('Name, address, label, site').fill('')
  const bar = page.getByRole('region', { name: 'The selected nodes' })
  await expect(bar).toContainText(`${chosen.length} nodes selected`)
  await bar.getByRole('button', { name: 'Relabel' }).click()
  const dialog = page.getByRole('dialog')
  const field = dialog.getByRole('combobox', { name: 'Put on' })
  await expect(field).toBeFocused()
  await field.fill('tier=gold')
  await page.keyboard.press('Enter')
  await accessible(page)
  await dialog.getByRole('button', { name: `Relabel ${chosen.length} nodes` }).click()
  await expect(page.getByText(`${chosen.length} nodes relabelled.`)).toBeVisible()
  await page.getByLabel('Name, address, label, site').fill('tier=gold')
  await expect.poll(async () => (await names()).sort()).toEqual(chosen.map(({ who }) => who.name).sort())
})

test('before nodes are removed, what that cuts is listed, and keeping them is a click', async () => {
  await page.getByRole('checkbox', { name: 'Select all rows' }).check()
  await page.getByRole('region', { name: 'The selected nodes' }).getByRole('button', { name: 'Remove' }).click()
  const dialog = page.getByRole('dialog')
  const cut = dialog.getByRole('list', { name: 'What is cut' })
  for (const { who } of network.fleet.membersAt(network.fleet.sites[1] ?? '').slice(0, 3))
    await expect(cut).toContainText(`The tunnels of ${who.name} to ${network.fleet.gateway.who.name}`)
  await dialog.getByRole('button', { name: 'Keep' }).click()
  await expect(dialog).toHaveCount(0)
})

test('the page of a node has its facts, its peer and charts with data, also by key', async () => {
  const member = network.fleet.nodes[30]?.who.name ?? ''
  await page.goto(network.url(`nodes?q=${member}`))
  await bodyRows().getByRole('link', { name: member, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: member })).toBeVisible()
  await expect(page.getByText('1 of 1 alive').first()).toBeVisible()
  await expect(page.getByRole('row', { name: new RegExp(network.fleet.gateway.who.name) })).toContainText('alive')
  const cpu = page.getByRole('slider', { name: /^CPU over the last hour: \d+.% at last/ })
  await expect(cpu).toBeVisible({ timeout: 45_000 })
  await expect.poll(() => paintedIn(cpu.locator('canvas'))).toBeGreaterThan(200)
  await cpu.focus()
  await page.keyboard.press('End')
  await expect(cpu).toHaveAttribute('aria-valuetext', /^\d\d-\d\d \d\d:\d\d: /)
  await accessible(page)
  await page.getByText('30d', { exact: true }).click()
  await expect(page).toHaveURL(/[?&]range=30d/)
})

/** How many pixels of a canvas are not empty. */
function paintedIn(canvas: ReturnType<Page['locator']>): Promise<number> {
  return canvas.evaluate((element: HTMLCanvasElement) => {
    const data = element.getContext('2d')?.getImageData(0, 0, element.width, element.height).data ?? []
    let count = 0
    for (let at = 3; at < data.length; at += 4) if (data[at] !== 0) count++
    return count
  })
}
