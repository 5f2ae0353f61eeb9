import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import type { Host } from '@spanwire/lab/host'
import { PacketCount } from '@spanwire/lab/packet-count'
import { World } from '@spanwire/lab/story/world'
import { accessible } from './accessible.ts'
import { Person } from './person.ts'

/**
 * A rule, from the form to the wire: a person writes it in the browser, reads who loses what, confirms, and real machines drop what it
 * does not let in. What was dropped is told with the number that was counted on the machine, and one click lets it in. One story: each
 * test goes on where the one before stopped.
 */
test.describe.configure({ mode: 'serial' })

const DENIED = 8081

let world: World
let context: BrowserContext
let page: Page
/** Serves 8080 and 8081, behind a NAT. */
let home: Host
let build: Host
let address: string
let wire: PacketCount
const ids: Record<string, string> = {}

test.beforeAll(async ({ browser }) => {
  world = await World.create()
  const gateway = await world.lab.publicHost('gw-1')
  home = await (await world.lab.home('home-a')).host('home-1')
  build = await world.lab.publicHost('build-1')
  ids['gw-1'] = (await world.join(gateway, 'gw-1', { role: 'gateway', endpoint: `${gateway.address}:51820` })).id
  await Promise.all(
    Object.entries({ 'home-1': home, 'build-1': build }).map(async ([name, host]) => {
      const { id, node } = await world.join(host, name)
      ids[name] = id
      if (host === home) address = node.address4 ?? ''
    }),
  )
  for (const port of [8080, DENIED]) home.spawn(`exec ${process.execPath} -e '${SERVE}' ${port}`)
  context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1360, height: 860 } })
  page = await context.newPage()
  await new Person(page, world.server.url).signIn('ada@example.com', 'correct horse battery staple')
  await wellAndReporting()
})

test.afterAll(async () => {
  await context?.close()
  await world?.[Symbol.asyncDispose]()
})

test('without a policy everything passes', async () => {
  for (const port of [8080, DENIED]) await expect.poll(() => asks(port), { timeout: 20_000 }).toBe('hello')
})

test('a rule is written in the form, and what is lost by it is listed before any machine hears of it', async () => {
  await page.goto(at('access'))
  await page.getByRole('button', { name: 'Add rule' }).click()
  const dialog = page.getByRole('dialog')
  await chip('From', 'node:build-1')
  await chip('To', 'node:home-1')
  await dialog.getByLabel('Ports').fill('8080')
  await dialog.getByRole('combobox', { name: 'Protocol' }).click()
  await page.getByRole('option', { name: 'TCP', exact: true }).click()
  await dialog.getByRole('button', { name: 'Add rule' }).click()
  await page.getByRole('button', { name: 'Review changes' }).click()
  const lost = page.getByRole('region', { name: 'Lost', exact: true })
  await expect(lost.getByRole('listitem').filter({ hasText: 'build-1 → home-1' })).toContainText(
    'tcp 0-8079, 8081-65535',
  )
  await accessible(page)
  expect(await asks(DENIED)).toBe('hello')
})

test('it is tried by all machines and confirmed by hand', async () => {
  await page.getByLabel('Ask me to confirm').check()
  await page.getByRole('button', { name: 'Save and try it' }).click()
  await expect(page.getByText('It waits for a person to confirm.')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText('3 of 3 machines well under it')).toBeVisible()
  await page.getByRole('button', { name: 'Confirm', exact: true }).click()
  await expect(page.getByText('Version 1 holds.').first()).toBeVisible()
})

test('on the wire the allowed port answers, and what comes to the other is dropped without a word', async () => {
  wire = await PacketCount.start(home, { arrived: `tcp dport ${DENIED}`, answered: `tcp sport ${DENIED}` })
  expect(await asks(8080)).toBe('hello')
  expect(await asks(DENIED)).toBe('')
  const { arrived, answered } = await wire.read()
  expect(arrived).toBeGreaterThan(0)
  expect(answered).toBe(0)
})

test('the drop is told where it happened, with as many packets as came in', async () => {
  const { arrived } = await wire.read()
  await page.getByRole('tab', { name: 'Counters' }).click()
  const told = `home-1 dropped ${arrived} from build-1 to ${address}:${DENIED} in the last hour; no rule allows it.`
  await expect(page.getByText(told)).toBeVisible({ timeout: 60_000 })
  // The gateway's kernel sends redirects to build-1: they are nobody's attempt.
  await expect(page.getByRole('list', { name: 'What was dropped' }).getByRole('listitem')).toHaveCount(1)
  const rules = page.getByRole('list', { name: 'Rules and what they let in' })
  await expect(rules.getByRole('listitem').filter({ hasText: 'rule 1' })).toContainText(/home-1 [1-9]/)
  await accessible(page)
  await page.goto(at(`nodes/${ids['home-1']}`))
  await expect(page.getByText(told)).toBeVisible()
})

test('one click writes the rule that lets it in, and the packets pass', async () => {
  await page.getByRole('button', { name: 'Allow build-1 to home-1' }).click()
  const gained = page.getByRole('region', { name: 'Gained', exact: true })
  await expect(gained.getByRole('listitem')).toContainText([`tcp ${DENIED}`])
  await expect(page.getByRole('heading', { name: 'Lost: nothing' })).toBeVisible()
  await page.getByRole('button', { name: 'Save and try it' }).click()
  await expect(page.getByText('Version 2 holds.').first()).toBeVisible({ timeout: 75_000 })
  expect(await asks(DENIED)).toBe('hello')
  await page.getByRole('tab', { name: 'Counters' }).click()
  await expect(
    page.getByText(/home-1 dropped [0-9]+ from build-1 .* in the last hour; a rule allows it now/),
  ).toBeVisible()
})

const at = (rest: string) => `${world.server.url}/networks/${world.network}/${rest}`

/** What build-1 is answered through the tunnel; nothing where nobody answers. */
async function asks(port: number): Promise<string> {
  return (await build.exec(`curl -s -m 2 http://${address}:${port}/`)).stdout
}

async function chip(field: string, value: string): Promise<void> {
  await page.getByRole('dialog').getByRole('combobox', { name: field, exact: true }).fill(value)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
}

/** Only machines that are well at the moment of saving try a version. */
async function wellAndReporting(): Promise<void> {
  for (const id of Object.values(ids))
    await world.untilNode(
      id,
      ({ facts, revision }) => revision.current && facts.reporting.status === 'good' && facts.tunnels.status === 'good',
      90_000,
    )
}

const SERVE = 'require("http").createServer((_, answer) => answer.end("hello")).listen(process.argv[1], "::")'
