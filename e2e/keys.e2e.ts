import { expect, type Page, test } from '@playwright/test'
import { accessible } from './accessible.ts'
import { SimulatedNetwork } from './simulated-network.ts'

/** Keys of a node are rotated from its page, in front of simulated machines, as somebody does who tries the demo. */
test.describe.configure({ mode: 'serial' })

let network: SimulatedNetwork
let page: Page

test.beforeAll(async ({ browser }) => {
  network = await SimulatedNetwork.start({ nodes: 8, sites: 2 })
  page = await (await browser.newContext({ viewport: { width: 1360, height: 860 }, reducedMotion: 'reduce' })).newPage()
  await network.signIn(page)
})

test.afterAll(async () => {
  await page?.context().close()
  await network?.[Symbol.asyncDispose]()
})

const notice = () => page.getByRole('region', { name: 'Rotation of keys' })
const member = (i: number) => network.fleet.nodes.filter(({ who }) => who.role === 'member')[i]!
const open = (node: { id: string | null }) => page.goto(network.url(`nodes/${node.id}`))

async function rotate(): Promise<void> {
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Rotate keys' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate keys' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
}

test('keys are rotated from the page of a node, which says how far it is, and that it is done', async () => {
  const node = member(0)
  const before = node.keys.publicKey
  await open(node)
  await expect(page.getByText('1 of 1 alive').first()).toBeVisible()
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Rotate keys' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('Its peer takes the next key beside the old one.')
  await accessible(page)
  await dialog.getByRole('button', { name: 'Rotate keys' }).click()
  await expect(notice()).toContainText('Its keys are being rotated.')
  await expect(notice()).toContainText(/peers have the next key|was told to take its next key/)
  await expect(notice()).toContainText('Its keys were rotated', { timeout: 60_000 })
  await expect(page.getByText('1 of 1 alive').first()).toBeVisible()
  const about = page.getByRole('complementary', { name: 'About this node' })
  await expect(about).toContainText('Keys rotated')
  expect(node.keys.publicKey).not.toBe(before)
  expect(network.fleet.gateway.hasPeer(node.keys.publicKey)).toBe(true)
  await expect.poll(() => network.fleet.gateway.hasPeer(before)).toBe(false)
  await accessible(page)
})

test('a gateway waits for a member that is off, by its name; a person keeps the old keys, or goes on without it', async () => {
  const { gateway } = network.fleet
  const { name } = member(1).who
  const before = gateway.keys.publicKey
  network.fleet.kill(name)
  await open(gateway)
  await rotate()
  await expect(notice()).toContainText('6 of 7 peers have the next key.', { timeout: 60_000 })
  const missing = notice().getByRole('list', { name: 'Who does not have the next key' })
  await expect(missing.getByRole('listitem')).toHaveText([new RegExp(`^${name} `)])
  await accessible(page)
  await notice().getByRole('button', { name: 'Keep the old keys' }).click()
  await expect(notice()).toContainText('the old keys stay')
  expect(gateway.keys.publicKey).toBe(before)

  await rotate()
  await expect(notice()).toContainText('6 of 7 peers have the next key.', { timeout: 60_000 })
  await notice().getByRole('button', { name: 'Go on without it' }).click()
  await expect(notice()).toContainText('Its keys were rotated', { timeout: 60_000 })
  expect(gateway.keys.publicKey).not.toBe(before)
  network.fleet.heal(name)
  await expect.poll(() => network.fleet.tunnelOf(name).view('member').state, { timeout: 60_000 }).toBe('alive')
})

test('a viewer sees how far it is, and why nothing can be done about it', async ({ browser }) => {
  await network.addMember('viewer@example.com', 'viewer')
  const { name } = member(1).who
  network.fleet.kill(name)
  await open(network.fleet.gateway)
  await rotate()
  await expect(notice()).toContainText('6 of 7 peers have the next key.', { timeout: 60_000 })
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' })
  const other = await context.newPage()
  await network.signIn(other, 'viewer@example.com')
  await other.goto(network.url(`nodes/${network.fleet.gateway.id}`))
  const seen = other.getByRole('region', { name: 'Rotation of keys' })
  await expect(seen).toContainText('6 of 7 peers have the next key.')
  await expect(seen.getByRole('button', { name: 'Keep the old keys' })).toHaveAttribute('aria-disabled', 'true')
  await accessible(other)
  await context.close()
  network.fleet.heal(name)
  await expect(notice()).toContainText('Its keys were rotated', { timeout: 60_000 })
})
