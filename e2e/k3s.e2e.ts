import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { ControlPlane } from '@spanwire/lab/control-plane'
import type { Host } from '@spanwire/lab/host'
import { K3sHost } from '@spanwire/lab/k3s/k3s-host'
import { K3S_VERSION, K3sReleases } from '@spanwire/lab/k3s/k3s-releases'
import { Pod } from '@spanwire/lab/k3s/pod'
import { Lab } from '@spanwire/lab/lab'
import { PacketCount } from '@spanwire/lab/packet-count'
import { TcpStream } from '@spanwire/lab/tcp-stream'
import { accessible } from './accessible.ts'
import { Person } from './person.ts'

/**
 * What a person does who wants a Kubernetes cluster of machines that are scattered: describes it, adds a server and two
 * agents by lines that install k3s too, sees them Ready, asks for a second server's place, takes one out. One story: each
 * test goes on where the one before stopped.
 */
test.describe.configure({ mode: 'serial' })

const NAMES = ['gw-1', 'home-1', 'home-2']

let lab: Lab
let server: ControlPlane
let releases: K3sReleases
let ada: Person
let page: Page
let data: string
let network: string
const hosts: Record<string, Host> = {}
const addresses: Record<string, string> = {}
const pods: Record<string, Pod> = {}

test.beforeAll(async ({ browser }) => {
  lab = await Lab.create()
  data = mkdtempSync(join(tmpdir(), 'spanwire-e2e-'))
  server = await ControlPlane.start({ data, url: `https://${lab.controlPlane?.address}:3000`, tls: 'self-signed' })
  releases = await K3sReleases.create(lab)
  hosts['gw-1'] = await lab.publicHost('gw-1')
  hosts['home-1'] = await (await lab.home('home-a', { lan: '192.168.1.0/24' })).host('home-1')
  hosts['home-2'] = await (await lab.home('home-b', { lan: '192.168.1.0/24', nat: 'random' })).host('home-2')
  for (const name of NAMES) await releases.introduce(hosts[name]!)
  const far = await lab.home('far')
  await far.delayUdp(hosts['gw-1'].address, 51820, 120)
  hosts['far-1'] = await far.host('far-1')
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1360, height: 860 } })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  page = await context.newPage()
  ada = new Person(page, server.url)
  await ada.signUp()
  network = await ada.makeNetwork('home-lab')
})

test.afterAll(async () => {
  await page?.context().close()
  await server?.[Symbol.asyncDispose]()
  await lab?.[Symbol.asyncDispose]()
  await rm(data, { recursive: true, force: true })
})

test('a cluster is made on the Cluster page, of ranges that are proposed', async () => {
  await ada.goto(`/networks/${network}/cluster`)
  await page.getByRole('button', { name: 'Make a cluster' }).click()
  await page.getByLabel('Name').fill('k3s-lab')
  await page.getByText('Release', { exact: true }).click()
  await page.getByRole('textbox', { name: 'Release' }).fill(K3S_VERSION)
  await page.getByText('Embedded etcd').click()
  await expect(page.getByLabel('Pod range').first()).toHaveValue(/^10\.\d+\.0\.0\/16$/)
  await page.getByRole('button', { name: 'Advanced' }).click()
  await expect(page.getByLabel('Installer')).toHaveValue(releases.installerUrl)
  await page.getByLabel('Its SHA-256').fill(releases.installerSha256)
  await accessible(page)
  await page.getByRole('button', { name: 'Make the cluster' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'k3s-lab' })).toBeVisible()
  await page.getByRole('link', { name: 'Add its first server' }).click()
  await page.waitForURL(/\/add-node/)
})

test('the gateway is added as its first server: the line installs k3s too, and the ledger ends with a pod that answered', async () => {
  await ada.nameNode('gw-1')
  await page.getByLabel('Public address or name').fill(`${hosts['gw-1']!.address}:51820`)
  await choosePart(ada, 'server')
  await expect(page.getByText('It makes k3s-lab: its API and its datastore begin here.')).toBeVisible()
  const line = await ada.copyLine()
  expect(await ada.paste(hosts['gw-1']!, line, 180_000)).toContain('proved: k3s')
  await untilIn(ada, 'gw-1')
  await accessible(page)
})

test('two agents are added from behind two home NATs, side by side in two tabs', async () => {
  const tabs = { 'home-1': ada, 'home-2': await ada.inNewTab() }
  const lines: Record<string, string> = {}
  for (const [name, tab] of Object.entries(tabs)) {
    await tab.openAddNode(network, name)
    await choosePart(tab, 'agent')
    lines[name] = await tab.copyLine()
  }
  await Promise.all(Object.keys(tabs).map((name) => ada.paste(hosts[name]!, lines[name]!, 180_000)))
  for (const [name, tab] of Object.entries(tabs)) await untilIn(tab, name)
  await tabs['home-2'].page.close()
})

test('the cluster page shows the three Ready, each with its overlay address as INTERNAL-IP and a pod that answered', async () => {
  await ada.goto(`/networks/${network}/cluster`)
  const seen = await new K3sHost(hosts['gw-1']!).untilReady(NAMES)
  for (const { name, internalIp } of seen) {
    addresses[name] = await overlayAddress(hosts[name]!)
    expect({ name, internalIp }).toEqual({ name, internalIp: addresses[name] })
    const row = page.getByRole('row', { name: new RegExp(name) })
    await expect(row).toContainText(/Ready/, { timeout: 30_000 })
    await expect(row).not.toContainText('NotReady')
    await expect(row).toContainText(addresses[name]!)
    await expect(row).toContainText('its overlay address')
    await expect(row).toContainText(/answered in [\d.]+\sms/, { timeout: 30_000 })
    await expect(row).toContainText(K3S_VERSION)
  }
  await accessible(page)
})

test('a pod in one home reaches a pod in the other with its own address, and not wrapped a second time', async () => {
  const kubernetes = new K3sHost(hosts['gw-1']!)
  for (const name of ['home-1', 'home-2']) {
    const overrides = JSON.stringify({ spec: { nodeName: name } })
    await kubernetes.kubectl('run', `web-${name}`, '--image=web', `--overrides=${overrides}`)
    pods[name] = await Pod.on(hosts[name]!, `web-${name}`, 30_000)
  }
  const [one, two] = [pods['home-1']!, pods['home-2']!]
  const count = await PacketCount.start(hosts['gw-1']!, {
    vxlan: 'udp dport 8472',
    pods: `ip saddr ${one.address} ip daddr ${two.address}`,
  })
  expect(await one.ask(two.address)).toMatchObject({ node: 'home-2', client: one.address })
  const stream = await TcpStream.open(one, two, two.address)
  await stream.moved(500_000, 30_000)
  expect(await stream.close()).toMatchObject({ gaps: [] })
  const { vxlan, pods: carried } = await count.read()
  expect(carried).toBeGreaterThan(100)
  expect(vxlan).toBe(0)
})

test('whether a machine 120 ms away may be a second server is judged with numbers before it is one', async () => {
  await ada.openAddNode(network, 'far-1')
  await ada.paste(hosts['far-1']!, await ada.copyLine(), 90_000)
  await untilIn(ada, 'far-1')
  await page.getByRole('link', { name: 'Open node' }).click()
  await page.getByRole('button', { name: 'Add to the cluster' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('k3s server', { exact: true }).click()
  await expect(dialog).toContainText(/1[2-9]\d ms to gw-1/, { timeout: 60_000 })
  await expect(dialog).toContainText(/etcd-arg=heartbeat-interval=\d+/)
  await expect(dialog).toContainText('With two servers the cluster stops when either does')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
})

test('an agent is taken out step by step: each is seen done, and then its machine is clean', async () => {
  await ada.goto(`/networks/${network}/cluster`)
  await page.getByRole('link', { name: /home-2/ }).click()
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Remove node' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('Remove home-2?')
  await expect(dialog.getByRole('list', { name: 'Steps out of the cluster' }).getByRole('listitem')).toHaveCount(5)
  await accessible(page)
  const seen = await watchSteps()
  await dialog.getByRole('button', { name: 'Remove node' }).click()
  const steps = page.getByRole('list', { name: 'Steps out of the cluster' })
  for (const step of ['cordon', 'drain', 'delete', 'password'])
    await expect.poll(seen, { timeout: 60_000, message: `${step} is shown done` }).toContain(`${step} done`)
  await expect(steps).toHaveCount(0, { timeout: 90_000 })
  await ada.goto(`/networks/${network}/cluster`)
  await expect(page.getByRole('row', { name: /home-1/ })).toBeVisible()
  await expect(page.getByRole('row', { name: /home-2/ })).toHaveCount(0)
  const kubernetes = new K3sHost(hosts['gw-1']!)
  expect((await kubernetes.nodes()).map(({ name }) => name)).not.toContain('home-2')
  for (const gone of ['ip link show span0', 'ls /usr/local/bin/k3s', 'ls /var/lib/rancher/k3s', 'ls /etc/spanwire'])
    await expect
      .poll(async () => (await hosts['home-2']!.exec(gone)).code, { timeout: 60_000, message: gone })
      .not.toBe(0)
})

async function choosePart({ page }: Person, part: 'server' | 'agent'): Promise<void> {
  await page.getByText(`k3s ${part}`, { exact: true }).click()
  await expect(page.getByLabel('Kubernetes name')).toBeVisible()
}

/** Each line of the ledger is green, or waits for the first member. */
async function untilIn({ page }: Person, name: string): Promise<void> {
  await expect(page.getByRole('heading', { name: `${name} is in` })).toBeVisible({ timeout: 90_000 })
  for (const step of await page.getByRole('list', { name: 'Steps of the join' }).getByRole('listitem').all())
    await expect(step).toHaveAttribute('data-state', name === 'gw-1' ? /green|not-yet/ : 'green')
}

/** What the page says of the steps from now on, also what it says for a moment only. */
async function watchSteps(): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const seen = new Set<string>()
    const look = () => {
      for (const { dataset } of document.querySelectorAll<HTMLElement>('li[data-step]'))
        seen.add(`${dataset.step} ${dataset.state}`)
    }
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true })
    Object.assign(window, { stepsSeen: seen })
  })
  return () => page.evaluate(() => [...(window as unknown as { stepsSeen: Set<string> }).stepsSeen])
}

async function overlayAddress(host: Host): Promise<string> {
  const [device] = JSON.parse(await host.output('ip -json -4 addr show span0'))
  return device.addr_info[0].local
}
