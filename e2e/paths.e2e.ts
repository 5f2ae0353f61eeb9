import { expect, type Page, test } from '@playwright/test'
import { accessible } from './accessible.ts'
import { SimulatedNetwork } from './simulated-network.ts'
import { carriedPair } from './simulated-paths.ts'

/**
 * Somebody asks why it is slow between two machines: the matrix, the reason of a carried pair, what changed and when; and decides about
 * paths: gateways of a site, draining, a LAN behind a node, another topology. One story.
 */
test.describe.configure({ mode: 'serial' })

const NODES = 10
let network: SimulatedNetwork
let page: Page
/** Behind a NAT that gives a new port for each destination, and behind one that does not. */
let hard: string
let easy: string

test.beforeAll(async ({ browser }) => {
  network = await SimulatedNetwork.start({ nodes: NODES, sites: 3, gateways: 2, topology: 'mesh' })
  page = await (await browser.newContext({ viewport: { width: 1360, height: 860 }, reducedMotion: 'reduce' })).newPage()
  await network.signIn(page)
  const { from, to } = await carriedPair(network.rest, network.id, network.fleet)
  const nameOf = (id: string) => network.fleet.nodes.find((node) => node.id === id)?.who.name ?? ''
  ;[hard, easy] = [nameOf(from), nameOf(to)]
})

test.afterAll(async () => {
  await page?.context().close()
  await network?.[Symbol.asyncDispose]()
})

const matrix = () => page.getByRole('application', { name: `Matrix of ${NODES} nodes` })
const panel = (name: string | RegExp) => page.getByRole('complementary', { name })
const why = () => panel(`Why this path: ${hard} → ${easy}`)

test('the matrix is one key away, and painted', async () => {
  await page.goto(network.url('topology'))
  await page.getByRole('application').waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('p')
  await expect(page.getByRole('heading', { level: 1, name: 'Paths' })).toBeVisible()
  await expect(page.getByText(/of 45 pairs direct, none dead/)).toBeVisible()
  await expect(matrix()).toBeVisible()
  await expect.poll(() => painted('--heat-0')).toBeGreaterThan(200)
  expect(await painted('--bad-mark')).toBe(0)
  await accessible(page)
})

test('a carried pair is chosen with the pointer, and says why it is carried', async () => {
  await clickCell(hard, easy)
  await expect(page).toHaveURL(/[?&]from=[0-9a-f-]{36}&to=[0-9a-f-]{36}/)
  await expect(why()).toContainText(/^.*Through \S+-gw-1.*NAT.* gives a new port for each destination/)
  await expect(why()).toContainText(`${hard}a hard NAT`)
  await expect(why()).toContainText('a NAT that keeps its port')
  await expect(why()).toContainText(/proven (just now|\d+ s ago)/)
  await accessible(page)
  await page.reload()
  await expect(why()).toContainText('gives a new port for each destination')
  await why().getByRole('button', { name: 'Close the panel' }).press('Escape')
  await expect(why()).toHaveCount(0)
})

test('by key: arrows walk and are spoken, Enter tells why, Escape leads back', async () => {
  await matrix().focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  const spoken = page.locator('[aria-live="polite"]').filter({ hasText: '→' })
  await expect(spoken).toContainText(/ → .*(alive)/)
  const [title] = ((await spoken.textContent()) ?? '').split('. ')
  await page.keyboard.press('Enter')
  await expect(panel(`Why this path: ${title}`)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(matrix()).toBeFocused()
})

test('by name: two nodes are typed, and who is not there is said', async () => {
  await page.getByLabel('From', { exact: true }).fill('nobody')
  await page.getByLabel('To', { exact: true }).fill(easy)
  await expect(page.getByRole('button', { name: 'Ask why' })).toHaveAccessibleDescription(
    'No node here is called nobody',
  )
  await page.getByLabel('From', { exact: true }).fill(hard)
  await page.getByRole('button', { name: 'Ask why' }).click()
  await expect(why()).toContainText('gives a new port for each destination')
})

test('the same stands in a table, by which the pair is found too', async () => {
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Show as table' }).click()
  await page.getByRole('searchbox').fill(hard)
  const row = page.getByRole('row', { name: new RegExp(`(${hard} ↔ ${easy}|${easy} ↔ ${hard})`) })
  await expect(row).toContainText('through gateways')
  await expect(page.getByRole('row')).toHaveCount(NODES)
  await accessible(page)
  await row.getByRole('link').click()
  await expect(panel(/^Why this path/)).toContainText('gives a new port for each destination')
})

test('a link that goes one way is found, since both ends report: in the matrix, with its reason, at the node', async () => {
  const gateway = network.fleet.gateway.who.name
  await page.goto(network.url('paths'))
  await expect(matrix()).toBeVisible()
  expect(await painted('--warn-mark')).toBe(0)
  network.fleet.strike('one way', { kind: 'one-way', node: easy, peer: gateway })
  await expect.poll(() => painted('--warn-mark'), { timeout: 60_000 }).toBeGreaterThan(200)
  await expect(page.getByText(/pairs direct, \d+ dead or one-way/)).toBeVisible()
  const ids = [easy, gateway].map((name) => network.fleet.nodeOf(name).id)
  await page.goto(network.url(`paths?from=${ids[0]}&to=${ids[1]}`))
  await expect(panel(`Why this path: ${easy} → ${gateway}`)).toContainText(
    `Packets go from ${gateway} to ${easy} but not back: ${easy} heard ${gateway}`,
  )
  await accessible(page)
  await page.goto(network.url(`nodes/${ids[0]}`))
  await expect(page.getByRole('list', { name: 'Problems' })).toContainText(
    `${easy} has a tunnel that goes one way: packets go from ${gateway} to ${easy} but not back`,
  )
  network.fleet.undo('one way')
  await expect(page.getByText('has a tunnel that goes one way')).toHaveCount(0, { timeout: 60_000 })
})

test('a way that is narrower than the tunnels is said, and one click sets the MTU that fits it', async () => {
  network.fleet.strike('narrow', { kind: 'narrow', node: easy, bytes: 1400 })
  await page.goto(network.url('paths'))
  const link = page.getByRole('link', { name: 'Set the MTU to 1340' })
  await expect(async () => {
    await page.reload()
    await expect(link).toBeVisible({ timeout: 3_000 })
  }).toPass({ timeout: 60_000 })
  await expect(page.getByText(`The way from ${easy} to`)).toContainText('carries packets of 1400 bytes')
  await link.click()
  const chain = page.getByRole('list', { name: 'From the underlay to pods' })
  await expect(chain).toContainText(/Underlay\s*1400/)
  await expect(chain).toContainText(/Tunnels\s*1420/)
  await accessible(page)
  await page.getByRole('button', { name: 'Set the MTU to 1340' }).click()
  await expect(chain).toContainText(/Tunnels\s*1340/)
  await expect(page.getByText('Packets of 1340 bytes pass whole on every measured way.')).toBeVisible()
  await expect(page.getByLabel('MTU')).toHaveValue('1340')
  network.fleet.undo('narrow')
})

test('a machine that is away shows what waits for it', async () => {
  const away = network.fleet.nodes[1]
  network.fleet.strike('away', { kind: 'unreachable', node: away?.who.name ?? '' })
  await network.rest('POST', `/nodes/${network.fleet.nodeOf(easy).id}/pause`)
  await page.goto(network.url(`nodes/${away?.id}`))
  await expect(page.getByText(/A change waits: the (end of the tunnel|way) to|changes wait: /)).toContainText(easy, {
    // A machine is called silent after 90 s; until then it may have it already.
    timeout: 180_000,
  })
  await accessible(page)
  await network.rest('POST', `/nodes/${network.fleet.nodeOf(easy).id}/resume`)
  network.fleet.undo('away')
  await expect(page.getByText('Waiting to be applied')).toHaveCount(0, { timeout: 60_000 })
})

test('a gateway is drained when everybody is moved, and carries again', async () => {
  const [first] = network.fleet.nodes
  await page.goto(network.url(`nodes/${first?.id}`))
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Drain gateway' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Drain gateway' }).click()
  await expect(page.getByText(/It is being drained|It carries nobody since/).first()).toBeVisible()
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Let it carry again' }).click()
  await expect(page.getByText(/It is being drained|It carries nobody since/)).toHaveCount(0)
})

test('a site takes its gateways from what its nodes measure', async () => {
  await page.goto(network.url('settings?tab=sites'))
  await page.getByRole('button', { name: 'Gateways of oslo' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('listitem').first()).toContainText('oslo-gw-1')
  await expect(dialog.getByRole('listitem').first()).toContainText(/in this site · .*ms from its nodes/)
  await dialog.getByRole('button', { name: 'Take the nearest' }).click()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('through oslo-gw-1, then frankfurt-gw-1')).toBeVisible()
})

test('a LAN is offered from what the machine has, approved, and taken back', async () => {
  await page.goto(network.url(`nodes/${network.fleet.nodeOf(easy).id}`))
  await page.getByLabel('Range to offer').fill('203.0.113.0/24')
  await page.getByRole('button', { name: 'Offer range' }).click()
  await expect(page.getByText(/is called at 203\.0\.113\.\d+:51820, inside 203\.0\.113\.0\/24/)).toBeVisible()
  const found = page.getByRole('button', { name: /^Offer 192\.168\.\d+\.0\/24$/ })
  const [, range] = /Offer (\S+)/.exec((await found.getAttribute('aria-label')) ?? '') ?? []
  await found.click()
  const lans = page.getByRole('list', { name: 'LANs behind it' })
  await expect(lans.getByText('waits for approval')).toBeVisible()
  await page.getByRole('button', { name: `Approve ${range}` }).click()
  await expect(lans.getByText('approved', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: `Take back ${range}` }).click()
  await expect(lans.getByText('refused', { exact: true })).toBeVisible()
})

test('another topology is previewed node by node before it is applied', async () => {
  await page.goto(network.url('settings?tab=topology'))
  await page.getByRole('radio', { name: /^Hub/ }).check()
  await expect(page.getByText(/\d+ tunnels would go, on \d+ nodes/)).toBeVisible()
  await expect(page.getByRole('list', { name: 'Nodes that change' })).toContainText(easy)
  await accessible(page)
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByRole('button', { name: 'Apply' })).toHaveAccessibleDescription('Nothing is changed yet')
  await page.goto(network.url('paths'))
  await expect(page.getByText(/Everything goes through gateways \(hub\)/)).toBeVisible()
})

test('a gateway that goes off is a change of way with its cause', async () => {
  network.fleet.kill(network.fleet.gateway.who.name)
  await page.getByRole('button', { name: 'Changes' }).click()
  await expect(panel('Changes of paths')).toContainText('because the way before was dead', { timeout: 90_000 })
  await accessible(page)
})

type Rows = { rows: { name: string }[] }

/** In the middle of the cell; sizes as they are for so few nodes on a desk. */
async function clickCell(from: string, to: string): Promise<void> {
  const { rows } = await network.rest<Rows>('GET', `/networks/${network.id}/paths`)
  const place = (name: string) => rows.findIndex((row) => row.name === name)
  await matrix().click({ position: { x: 148 + 40 * (place(to) + 0.5), y: 140 + 40 * (place(from) + 0.5) } })
}

/** How many pixels of the matrix have this colour of the style sheet. */
function painted(name: string): Promise<number> {
  return matrix().evaluate((element, property) => {
    const canvas = element.querySelector('canvas')
    const context = canvas?.getContext('2d')
    if (!canvas || !context || canvas.width === 0) return 0
    const colour = getComputedStyle(element).getPropertyValue(property).trim()
    const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
    let count = 0
    for (let i = 0; i < data.length; i += 4) if (data[i] === r && data[i + 1] === g && data[i + 2] === b) count++
    return count
  }, name)
}
