import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { expect, type Page, test } from '@playwright/test'
import { SimulatedNetwork } from './simulated-network.ts'

/** A cluster from its description to a machine's way out, and people's ways in, in front of machines that a program plays. */
test.describe.configure({ mode: 'serial' })

const NODES = 4
let network: SimulatedNetwork
let page: Page

test.beforeAll(async ({ browser }) => {
  network = await SimulatedNetwork.start({ nodes: NODES, sites: 2 })
  page = await (await browser.newContext({ viewport: { width: 1360, height: 860 }, reducedMotion: 'reduce' })).newPage()
  await network.signIn(page)
})

test.afterAll(async () => {
  await page?.context().close()
  await network?.[Symbol.asyncDispose]()
})

const button = (name: string | RegExp) => page.getByRole('button', { name })
const dialog = () => page.getByRole('dialog')
const gateway = () => network.fleet.gateway
/** A click before the script is there counts for nothing: again, until there is what it brings. */
const press = (name: string, there = dialog()) =>
  expect(async () => {
    if (!(await there.isVisible())) await button(name).first().click({ timeout: 2000 })
    await expect(there).toBeVisible({ timeout: 3000 })
  }).toPass({ timeout: 60_000 })

test('a cluster is described: what cannot be is said at its field, and nothing is touched yet', async () => {
  await page.goto(network.url('cluster'))
  await press('Make a cluster', page.getByLabel('Pod range'))
  const range = page.getByLabel('Pod range')
  const proposed = await range.inputValue()
  await range.fill('10.77.0.0/16')
  await expect(page.getByText(/pod range 10\.77\.0\.0\/16 meets/i).first()).toBeVisible()
  await expect(button('Make the cluster')).toHaveAttribute('aria-disabled', 'true')
  await range.fill(proposed)
  await page.getByText('Release', { exact: true }).click()
  await page.getByRole('textbox', { name: 'Release' }).fill('v1.33.4+k3s1')
  await page.locator('button:not([aria-disabled])', { hasText: 'Make the cluster' }).click()
  await expect(page.getByText('No machine has a part in it yet').first()).toBeVisible()
})

test('machines of the network become a server and agents, and the page ends in Ready', async () => {
  await page.goto(network.url(`nodes/${gateway().id}`))
  await press('Add to the cluster')
  await dialog().getByText('k3s server', { exact: true }).click()
  await dialog().getByRole('button', { name: 'Add to the cluster' }).click()
  await expect(page.getByText('A server of')).toBeVisible()
  for (const { id } of network.fleet.nodes.slice(1))
    await network.rest('POST', `/cluster-nodes/${id}`, { role: 'agent' })
  await page.goto(network.url('cluster'))
  await expect(page.getByText(`${NODES} of ${NODES} Ready`)).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText(/answered in/)).toHaveCount(NODES)
})

test('a change is shown before it is made, machine by machine, and stops at the first that does not bear it', async () => {
  const failure = { step: 'k3s-installed', code: 'config-refused', text: 'level=fatal msg="no such flag"' }
  network.fleet.strike('start', { kind: 'k3s', node: gateway().who.name, failure, later: true })
  await page.goto(network.url('cluster?tab=settings'))
  await expect(async () => {
    if (await dialog().isVisible()) return
    await page.getByRole('textbox', { name: 'Release' }).fill('v1.33.13+k3s1')
    await page.locator('button:not([aria-disabled])', { hasText: 'Preview the change' }).click({ timeout: 2000 })
    await expect(dialog()).toBeVisible({ timeout: 2000 })
  }).toPass({ timeout: 60_000 })
  const turns = dialog()
    .getByRole('list', { name: /order of their turns/ })
    .getByRole('listitem')
  await expect(turns).toHaveCount(NODES)
  await expect(turns.first()).toContainText(gateway().who.name)
  await expect(turns.first()).toContainText('v1.33.13+k3s1')
  await dialog()
    .getByRole('button', { name: `Apply to ${NODES} nodes` })
    .click()
  await expect(page.getByRole('heading', { name: 'The change has stopped' })).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText(`${gateway().who.name} did not take the change: level=fatal`)).toBeVisible()
})

test('a viewer sees all of it, and no button that changes anything', async ({ browser }) => {
  await network.addMember('alan@example.com', 'viewer')
  const other = await (await browser.newContext()).newPage()
  await network.signIn(other, 'alan@example.com')
  const see = async (path: string, words: string | RegExp) => {
    await other.goto(network.url(path))
    await expect(other.getByText(words).first()).toBeVisible()
    await expect(other.getByRole('button', { name: /account/ })).toBeVisible()
    for (const name of FORBIDDEN) await expect(other.locator('main').getByText(name, { exact: true })).toHaveCount(0)
  }
  await see('cluster', 'The change has stopped')
  await see('cluster?tab=settings', /this needs an admin/)
  await see(`nodes/${network.fleet.nodes[1]?.id}`, 'An agent of')
  await see('devices', 'No device yet')
  // The same page shows them to its owner: the names are right.
  await expect(button('Go on')).toBeVisible()
  await expect(button('Break it off')).toBeVisible()
  await other.context().close()
})

const FORBIDDEN = [
  ...['Add node', 'Go on', 'Break it off', 'Delete', 'Preview the change', 'Make a cluster'],
  ...['Remove from cluster', 'Add to the cluster', 'Labels and taints', 'Repeat', 'Go on without it'],
]

test('mended, the change goes on', async () => {
  network.fleet.undo('start')
  type Detail = { nodes: { nodeId: string; failure: unknown }[] }
  const failure = async () => {
    const { nodes } = await network.rest<Detail>('GET', `/networks/${network.id}/cluster`)
    return nodes.find(({ nodeId }) => nodeId === gateway().id)?.failure
  }
  await expect.poll(failure).toBe(null)
  await button('Go on').click()
  await expect(page.getByRole('heading', { name: 'A change is on its way' })).toBeVisible()
})

test('a device: its key is born in the browser, stands in the file, and is in no request', async () => {
  await page.goto(network.url('devices'))
  const sent = listen(page)
  await press('Add device')
  await page.getByLabel('Name').fill('laptop')
  await dialog().getByRole('button', { name: 'Add device' }).click()
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible()
  const file = await saved(/^Save /)
  const privateKey = /^PrivateKey = (\S{44})$/m.exec(file)?.[1] ?? ''
  const [device] = await network.rest<{ name: string; publicKey: string; address4: string }[]>(
    ...(['GET', `/networks/${network.id}/devices`] as const),
  )
  expect(publicKeyOf(privateKey)).toBe(device?.publicKey)
  expect(file).toContain(`Address = ${device?.address4}/32`)
  expect(file).toContain(`PublicKey = ${gateway().keys.publicKey}`)
  await expect.poll(() => sent().some((text) => text.includes(device?.publicKey ?? '-'))).toBe(true)
  expectNowhere(sent(), Buffer.from(privateKey, 'base64'))
  await dialog().getByRole('button', { name: 'Done' }).click()
  await button('Revoke laptop').click()
  await dialog().getByRole('button', { name: 'Revoke device' }).click()
  await expect(page.getByText(/^revoked /)).toBeVisible()
})

test('a kubeconfig: signed by a server of the cluster, with a key that is in no request', async () => {
  await page.goto(network.url('cluster'))
  const sent = listen(page)
  await press('Get a kubeconfig')
  const file = await saved('Make and save it')
  const data = (key: string) => Buffer.from(new RegExp(`${key}: (\\S+)`).exec(file)?.[1] ?? '', 'base64').toString()
  const key = createPrivateKey(data('client-key-data'))
  const certificate = new X509Certificate(data('client-certificate-data'))
  expect(certificate.checkPrivateKey(key)).toBe(true)
  expect(certificate.subject).toContain('CN=ada@example.com')
  expect(certificate.checkIssued(new X509Certificate(data('certificate-authority-data')))).toBe(true)
  expect(file).toContain('server: "https://10.77.0.1:6443"')
  const { d = '' } = key.export({ format: 'jwk' })
  expect(sent().some((text) => text.includes('CERTIFICATE REQUEST'))).toBe(true)
  expectNowhere(sent(), Buffer.from(d, 'base64url'))
  await expect(dialog().getByText(/^Saved as/)).toBeVisible()
})

test('a machine leaves the cluster: a step that failed is repeated, and the rest follows', async () => {
  const node = network.fleet.nodes[1]
  const trouble = { code: 'timed-out', text: 'Cannot evict pod as it would violate its disruption budget' }
  network.fleet.strike('drain', { kind: 'request', node: gateway().who.name, request: 'k3s-drain', trouble })
  await page.goto(network.url(`nodes/${node?.id}`))
  await press('Remove from cluster')
  await dialog().getByRole('button', { name: 'Remove from cluster' }).click()
  const steps = page.getByRole('list', { name: 'Steps out of the cluster' })
  await expect(steps.getByText(trouble.text)).toBeVisible({ timeout: 30_000 })
  await expect(steps.locator('[data-state="waiting"]')).toHaveCount(3)
  network.fleet.undo('drain')
  await steps.getByRole('button', { name: 'Repeat' }).click()
  await expect(steps.getByText(`node/${node?.who.name} drained`)).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText('It takes part in the network only')).toBeVisible({ timeout: 30_000 })
  expect(network.fleet.kubernetes.nodes().map(({ kubelet }) => kubelet.name)).not.toContain(node?.who.name)
})

test('meanwhile the first machine has the change, and is Ready with it', async () => {
  await page.goto(network.url('cluster'))
  const row = page.getByRole('row').filter({ hasText: gateway().who.name })
  await expect(row).toContainText('v1.33.13+k3s1', { timeout: 30_000 })
  await expect(row).toContainText('Ready')
})

/** Every request of the page from here on: where it went, and what it carried. */
function listen(of: Page): () => readonly string[] {
  const sent: string[] = []
  of.on('request', (request) => {
    sent.push(`${request.url()}\n${JSON.stringify(request.headers())}\n${request.postData() ?? ''}`)
  })
  return () => sent
}

/** In none of the forms in which a key could travel. */
function expectNowhere(sent: readonly string[], secret: Buffer): void {
  expect(secret).toHaveLength(32)
  for (const text of sent) {
    for (const form of ['base64', 'base64url', 'hex'] as const) {
      // Its ends depend on what stands around it.
      expect(text).not.toContain(secret.toString(form).slice(2, 40))
    }
  }
}

async function saved(name: string | RegExp): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), dialog().getByRole('button', { name }).click()])
  return readFile(await download.path(), 'utf8')
}

/** PKCS #8 of an X25519 private key is this and its 32 bytes (RFC 8410). */
function publicKeyOf(privateKey: string): string {
  const der = Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), Buffer.from(privateKey, 'base64')])
  const key = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
  return key.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')
}
