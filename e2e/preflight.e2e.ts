import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { ControlPlane } from '@spanwire/lab/control-plane'
import type { Host } from '@spanwire/lab/host'
import { K3S_VERSION, K3sReleases } from '@spanwire/lab/k3s/k3s-releases'
import { Lab } from '@spanwire/lab/lab'
import { Operator } from '@spanwire/lab/operator'
import { accessible } from './accessible.ts'
import { Person } from './person.ts'

/**
 * A machine that is no good for k3s: the page and its terminal say what stands in the way, in the same words and before anything is
 * installed; when that is put right the same line goes on.
 */
test.describe.configure({ mode: 'serial' })

const SENTENCE = 'this machine is a node of a cluster that kubeadm made'

let lab: Lab
let server: ControlPlane
let releases: K3sReleases
let host: Host
let ada: Person
let page: Page
let data: string
let network: string
let id: string
let line: string

test.beforeAll(async ({ browser }) => {
  lab = await Lab.create()
  data = mkdtempSync(join(tmpdir(), 'spanwire-e2e-'))
  server = await ControlPlane.start({ data, url: `https://${lab.controlPlane?.address}:3000`, tls: 'self-signed' })
  releases = await K3sReleases.create(lab)
  host = await lab.publicHost('gw-1')
  await releases.introduce(host)
  await host.output('mkdir -p /etc/kubernetes; : >/etc/kubernetes/kubelet.conf')
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1360, height: 860 } })
  page = await context.newPage()
  ada = new Person(page, server.url)
})

test.afterAll(async () => {
  await page?.context().close()
  await server?.[Symbol.asyncDispose]()
  await lab?.[Symbol.asyncDispose]()
  await rm(data, { recursive: true, force: true })
})

test('--check says it before anything is on the machine, and uses no token up', async () => {
  const operator = await Operator.firstOn(server)
  network = await operator.createNetwork('home-lab')
  await operator.makeCluster(network, {
    release: { kind: 'version', version: K3S_VERSION },
    installer: { source: releases.installerUrl, sha256: releases.installerSha256 },
  })
  const node = { name: 'gw-1', role: 'gateway' as const, endpoint: `${host.address}:51820` }
  const invited = await operator.invite(network, node, { fixFirewall: false })
  await operator.setClusterNode(invited.id, { role: 'server' })
  id = invited.id
  line = invited.line
  const checked = await host.exec(`${line} --check`, { timeoutMs: 60_000 })
  expect(checked).toMatchObject({ code: 1 })
  expect(checked.stdout).toContain(`k3s: critical: kubernetes-present: ${SENTENCE}`)
  expect(checked.stdout).toContain('evidence: kubeadm yes')
  expect((await host.exec('ls /etc/spanwire /var/lib/spanwire/confirmed')).code).not.toBe(0)
})

test('the ledger stops at what holds it, with fact and fix; the terminal ends with the same words', async () => {
  await ada.goto('/sign-in')
  await page.getByLabel('Email').fill('ada@example.com')
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery staple')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => url.pathname.startsWith('/networks'))
  const pasted = await host.exec(line, { timeoutMs: 120_000 })
  expect(pasted.code, pasted.stdout + pasted.stderr).toBe(1)
  expect(pasted.stdout).toContain(`k3s: critical: kubernetes-present: ${SENTENCE}`)
  expect((await host.exec('ls /etc/rancher /usr/local/bin/k3s-uninstall.sh')).code).not.toBe(0)
  await ada.goto(`/networks/${network}/add-node?node=${id}`)
  const step = page.locator('li[data-step="k3s-installed"]')
  await expect(step).toHaveAttribute('data-state', 'failed')
  await expect(step).toContainText(SENTENCE)
  await expect(step).toContainText('kubernetes-present: kubeadm yes')
  await expect(step).toContainText('Do this: Take it off first')
  await inBothLooks()
})

test("the node's page has it among what was found, and the cluster's page counts it", async () => {
  await ada.goto(`/networks/${network}/nodes/${id}`)
  const found = page.getByRole('list', { name: 'Found on the machine' })
  await expect(found.getByRole('listitem').first()).toContainText('kubernetes-present')
  await expect(found.getByRole('listitem').first()).toContainText('kubeadm yes')
  await expect(page.getByText('k3s needs something put right on this machine.')).toBeVisible()
  await inBothLooks()
  await ada.goto(`/networks/${network}/cluster`)
  await expect(page.getByRole('row', { name: /gw-1/ })).toContainText('1 critical')
})

test('put right, the same line goes on', async () => {
  await host.output('rm -r /etc/kubernetes')
  expect(await ada.paste(host, line, 180_000)).toContain('proved: k3s')
  await ada.goto(`/networks/${network}/nodes/${id}`)
  await expect(page.getByText(/^Nothing stands in the way of k3s/)).toBeVisible()
})

/** As it is, and dark on a phone. */
async function inBothLooks(): Promise<void> {
  await accessible(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize({ width: 360, height: 740 })
  await page.waitForTimeout(100)
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 'px too wide').toBeLessThan(1)
  await accessible(page)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1360, height: 860 })
}
