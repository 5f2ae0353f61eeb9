import { expect, type Page, test } from '@playwright/test'
import { SimulatedNetwork } from './simulated-network.ts'

/** What reaches a machine that runs already: its labels and the place of its site; and a device, which nobody can reach. */
test.describe.configure({ mode: 'serial' })

let network: SimulatedNetwork
let page: Page

test.beforeAll(async ({ browser }) => {
  network = await SimulatedNetwork.start({ nodes: 2, sites: 1 })
  page = await (await browser.newContext({ viewport: { width: 1360, height: 860 }, reducedMotion: 'reduce' })).newPage()
  await network.signIn(page)
  const proposal = await network.rest<{ settings: object }>('POST', `/networks/${network.id}/cluster-proposal`, {})
  await network.rest('POST', `/networks/${network.id}/cluster`, { settings: proposal.settings })
  await network.rest('POST', `/cluster-nodes/${network.fleet.gateway.id}`, { role: 'server' })
})

test.afterAll(async () => {
  await page?.context().close()
  await network?.[Symbol.asyncDispose]()
})

const dialog = () => page.getByRole('dialog')
const fact = (name: string) =>
  page
    .locator('section', { has: page.getByRole('heading', { name: 'In Kubernetes' }) })
    .locator('dl > div', { has: page.getByText(name, { exact: true }) })

/** A click before the script is there counts for nothing: again, until there is what it brings. */
const press = (name: string | RegExp, there = dialog()) =>
  expect(async () => {
    if (!(await there.isVisible())) await page.getByRole('button', { name }).first().click({ timeout: 2000 })
    await expect(there).toBeVisible({ timeout: 3000 })
  }).toPass({ timeout: 60_000 })

test('a site has a zone and a region, and says what neither can be', async () => {
  await page.goto(network.url('settings?tab=sites'))
  await press(/^Edit /, page.getByLabel('Region'))
  await page.getByLabel('Region').fill('eu west')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText(/"eu west" cannot be a region: Kubernetes takes/)).toBeVisible()
  await page.getByLabel('Region').fill('eu-west')
  await page.getByLabel('Zone').fill('rack-2')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('zone rack-2 · region eu-west')).toBeVisible()
})

test('labels of a node that runs k3s are set by a server of the cluster, and the page says so', async () => {
  await page.goto(network.url(`nodes/${network.fleet.gateway.id}`))
  await expect(fact('Ready')).toContainText('Ready since', { timeout: 60_000 })
  await expect(fact('Zone and region')).toContainText('rack-2, eu-west')
  await press('Labels and taints')
  await dialog().getByLabel('Kubernetes labels').fill('disk=ssd')
  await dialog().getByLabel('Kubernetes labels').press('Enter')
  await dialog().getByLabel('Taints').fill('edge')
  await dialog().getByLabel('Taints').press('Enter')
  await expect(
    dialog()
      .getByText(/is no taint/)
      .first(),
  ).toBeVisible()
  await dialog().getByLabel('Taints').fill('')
  await dialog().getByRole('button', { name: 'Save' }).click()
  await expect(dialog()).toBeHidden()
  await expect(fact('Labels')).toContainText('disk=ssd')
  await expect(fact('Labels in Kubernetes')).toContainText(/set, /, { timeout: 30_000 })
})

test('a device whose file is of before a change says what to put into it, until its person has done so', async () => {
  await page.goto(network.url('devices'))
  await press('Add device')
  await page.getByLabel('Name').fill('laptop')
  await dialog().getByRole('button', { name: 'Add device' }).click()
  await dialog().getByRole('button', { name: 'Done' }).click()
  await expect(page.getByRole('button', { name: 'Configuration of laptop' })).toBeVisible()
  await network.rest('PATCH', `/networks/${network.id}`, { mtu: 1380 })
  await expect(page.getByText('Its file is old: the MTU is 1380, no longer 1420')).toBeVisible({ timeout: 20_000 })
  for (const width of [360, 1360]) {
    await page.setViewportSize({ width, height: 860 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
  }
  await press('Update its file: laptop')
  const lines = dialog().getByRole('region', { name: 'the lines' })
  await expect(lines).toContainText(`PublicKey = ${network.fleet.gateway.keys.publicKey}`)
  await expect(lines).not.toContainText('PrivateKey')
  await expect(dialog().getByText(/MTU = 1380/)).toBeVisible()
  await dialog().getByRole('button', { name: 'The device has them' }).click()
  await expect(page.getByText('Its file is old')).toBeHidden()
  await expect(page.getByRole('button', { name: 'Configuration of laptop' })).toBeVisible()
})
