import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { ControlPlane } from '@spanwire/lab/control-plane'
import type { Host } from '@spanwire/lab/host'
import { Lab } from '@spanwire/lab/lab'
import { Operator } from '@spanwire/lab/operator'
import { ping, pingWhile } from '@spanwire/lab/ping'
import { TcpStream } from '@spanwire/lab/tcp-stream'
import { accessible } from './accessible.ts'

/**
 * What a person does, in a real browser, against the real server and real machines: signs up, makes a network, adds nodes
 * by pasting the lines that the page shows, and lives through the faults of a normal week. One story: each test goes on
 * where the one before stopped.
 */
test.describe.configure({ mode: 'serial' })

let lab: Lab
let server: ControlPlane
let page: Page
let data: string
let network: string
const hosts: Record<string, Host> = {}
const addresses: Record<string, string> = {}

test.beforeAll(async ({ browser }) => {
  lab = await Lab.create()
  data = mkdtempSync(join(tmpdir(), 'spanwire-e2e-'))
  server = await ControlPlane.start({ data, url: `https://${lab.controlPlane?.address}:3000`, tls: 'self-signed' })
  hosts['gw-fra'] = await lab.publicHost('gw-fra')
  hosts['home-1'] = await (await lab.home('home-a', { lan: '192.168.1.0/24' })).host('home-1')
  hosts['home-2'] = await (await lab.home('home-b', { lan: '192.168.1.0/24' })).host('home-2')
  hosts['centos-1'] = await lab.publicHost('centos-1', { firewall: 'centos-reject' })
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1360, height: 860 } })
  page = await context.newPage()
})

test.afterAll(async () => {
  await page?.context().close()
  await server?.[Symbol.asyncDispose]()
  await lab?.[Symbol.asyncDispose]()
  await rm(data, { recursive: true, force: true })
})

test('the first visit makes the owner, and that door closes', async () => {
  await page.goto(server.url)
  await page.getByLabel('Your name').fill('Ada')
  await page.getByLabel('Email').fill('ada@example.com')
  await page.getByLabel('Organization').fill('Lovelace')
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery staple')
  await accessible(page)
  await page.getByRole('button', { name: 'Make account' }).click()
  await page.waitForURL((url) => url.pathname !== '/setup')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.goto(`${server.url}/setup`)
  await expect(page.getByRole('button', { name: 'Make account' })).toHaveCount(0)
})

test('a network is made of a proposal that meets nothing in use', async () => {
  await page.goto(`${server.url}/networks/new`)
  await page.getByLabel('Name').fill('home-lab')
  await expect(page.getByLabel('Address range')).toHaveValue(/^10\.\d+\.\d+\.0\/\d+$/)
  await accessible(page)
  await page.getByRole('button', { name: 'Create network' }).click()
  await page.waitForURL(/\/networks\/[0-9a-f-]{36}/)
  network = /networks\/([0-9a-f-]{36})/.exec(page.url())![1]!
})

test('the gateway is added: its line runs unchanged, and the ledger goes green by itself', async () => {
  await openAddNode('gw-fra')
  await page.getByLabel('Public address or name').fill(`${hosts['gw-fra']!.address}:51820`)
  await pasteAndWatch('gw-fra')
  await expect(page.getByText('proved by the first member that joins').first()).toBeVisible()
})

for (const name of ['home-1', 'home-2']) {
  test(`${name} is added from behind its NAT, and ends in measured numbers`, async () => {
    await openAddNode(name)
    await pasteAndWatch(name)
    const steps = page.getByRole('list', { name: 'Steps of the join' }).getByRole('listitem')
    await expect(steps).toHaveCount(6)
    for (const step of await steps.all()) await expect(step).toHaveAttribute('data-state', 'green')
    await expect(page.getByText(/Round trip to gw-fra/)).toBeVisible()
    await accessible(page)
  })
}

test('a host whose firewall would reject the overlay stops at a named rule; with the option it joins', async () => {
  await openAddNode('centos-1')
  const refused = await hosts['centos-1']!.exec(await shownLine(), { timeoutMs: 60_000 })
  expect(refused.code).not.toBe(0)
  const preflight = page.getByRole('list', { name: 'Steps of the join' }).getByRole('listitem').first()
  await expect(preflight).toHaveAttribute('data-state', 'failed')
  await expect(preflight).toContainText('REJECT')
  await expect(preflight).toContainText('--fix')
  await page.getByRole('button', { name: 'What the line may do on the machine' }).click()
  await page.getByLabel('Open the host firewall').check()
  await pasteAndWatch('centos-1')
})

test('the homes reach each other, and the page shows their traffic as a rate', async () => {
  for (const name of Object.keys(hosts)) addresses[name] = await addressOf(name)
  expect((await ping(hosts['home-1']!, addresses['home-2']!, { count: 5 })).lost).toBe(0)
  const stream = await TcpStream.open(hosts['home-1']!, hosts['home-2']!, addresses['home-2']!)
  await page.goto(`${server.url}/networks/${network}/nodes`)
  const row = page.getByRole('row', { name: /home-2/ })
  await expect(row).toContainText(/[1-9][\d.]*\s?(kbit|Mbit)\/s/, { timeout: 60_000 })
  expect((await stream.close()).bytes).toBeGreaterThan(100_000)
})

test('the topology shows the nodes and the measured tunnels', async () => {
  await page.goto(`${server.url}/networks/${network}/topology`)
  await expect(page.getByRole('status').filter({ hasText: '4 nodes' })).toContainText('3 of 3 tunnels alive', {
    timeout: 45_000,
  })
  await expect(page.getByRole('img', { name: /4 nodes and 3 measured tunnels/ })).toBeVisible()
  await page.getByRole('button', { name: 'Show as table' }).click()
  await expect(page.getByRole('row', { name: /gw-fra.*home-1|home-1.*gw-fra/ })).toContainText('Alive both ways')
  await accessible(page)
  await page.getByRole('button', { name: 'Show as map' }).click()
  await page.getByRole('application', { name: 'Map of the network' }).focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('complementary', { name: 'Node gw-fra' })).toBeVisible()
})

test('UDP of a home is cut without telling the server: its tunnel stops being green', async () => {
  await page.goto(`${server.url}/networks/${network}/topology?table=true`)
  const row = page.getByRole('row', { name: /home-1/ })
  await expect(row).toContainText('Alive both ways', { timeout: 30_000 })
  const home = lab.host('home-1')
  await home.cutUdp()
  await expect(row).not.toContainText('Alive both ways', { timeout: 30_000 })
  await home.healUdp()
  await expect(row).toContainText('Alive both ways', { timeout: 60_000 })
})

test('the server is killed: no packet is lost, and the page says what it knows when it is back', async () => {
  const result = await pingWhile(hosts['home-1']!, addresses['home-2']!, async () => {
    await server.kill()
    await new Promise((resolve) => setTimeout(resolve, 6_000))
  })
  expect(result.lost).toBe(0)
  await server.start()
  const backAt = Date.now()
  await page.goto(`${server.url}/networks/${network}/topology`)
  await expect(page.getByRole('status').filter({ hasText: '4 nodes' })).toContainText('3 of 3 tunnels alive', {
    timeout: 90_000,
  })
  await heardSince(backAt)
})

test('a node is removed: the dialog says what is cut, the others drop it at once, its machine cleans up', async () => {
  await page.goto(`${server.url}/networks/${network}/nodes`)
  await page.getByRole('link', { name: 'centos-1' }).click()
  const before = await hosts['gw-fra']!.output('wg show span0 peers')
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Remove node' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('centos-1')
  await dialog.getByRole('button', { name: /remove/i }).click()
  await expect
    .poll(async () => (await hosts['gw-fra']!.output('wg show span0 peers')) !== before, { timeout: 5_000 })
    .toBe(true)
  await expect
    .poll(async () => (await hosts['centos-1']!.exec('ip link show span0')).code, { timeout: 45_000 })
    .not.toBe(0)
})

test('the activity tells who did what', async () => {
  await page.goto(`${server.url}/networks/${network}/activity`)
  await expect(page.getByText('ada@example.com').first()).toBeVisible()
  await expect(page.getByText('centos-1').first()).toBeVisible()
  await accessible(page)
})

/**
 * Every node has asked the server again, which answers when there is news. A node that still waits to ask, as all do a little longer after
 * each time that nobody answered, would not hear of a change at once.
 */
async function heardSince(since: number): Promise<void> {
  const said = await server.admin(['make-api-key', '--name', 'story', '--role', 'viewer', '--expires-days', '1'])
  const operator = new Operator(server, /swk_[\w-]+/.exec(said)?.[0] ?? '')
  type Rows = { reportedAt: string | null }[]
  const all = (rows: Rows) => rows.every(({ reportedAt }) => Date.parse(reportedAt ?? '') > since)
  await operator.until<Rows>(`/networks/${network}/nodes`, all, 90_000)
}

async function openAddNode(name: string): Promise<void> {
  await page.goto(`${server.url}/networks/${network}/add-node`)
  const field = page.getByRole('textbox', { name: 'Name', exact: true })
  await field.fill(name)
  await expect(field).toHaveValue(name)
}

async function shownLine(): Promise<string> {
  await expect(page.getByRole('button', { name: 'Copy the line' })).toBeEnabled()
  // The form saves by itself a moment after the last key, and says so from then on.
  await page.waitForTimeout(500)
  await expect(page.locator('output', { hasText: /^saved$/ })).toBeVisible()
  return (await page.locator('pre[data-line]').textContent()) ?? ''
}

async function pasteAndWatch(name: string): Promise<void> {
  const line = await shownLine()
  const pasted = await hosts[name]!.exec(line, { timeoutMs: 90_000 })
  expect(pasted.code, pasted.stdout + pasted.stderr).toBe(0)
  await expect(page.getByRole('heading', { name: `${name} is in` })).toBeVisible({ timeout: 60_000 })
}

async function addressOf(name: string): Promise<string> {
  const { stdout } = await hosts[name]!.exec("ip -4 -o addr show span0 | awk '{ print $4 }' | cut -d/ -f1")
  return stdout.trim()
}
