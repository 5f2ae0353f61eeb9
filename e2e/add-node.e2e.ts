import { expect, type Page, test } from '@playwright/test'
import { OWNER, World } from './world.ts'

/** The page of the line, without a machine: what the form does to the line, and what a line is worth. Machines are in story.e2e.ts. */
test.describe.configure({ mode: 'default' })

let world: World
let page: Page

test.beforeAll(async ({ browser }) => {
  world = await World.start()
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] })
  page = await context.newPage()
  await world.signUp(page)
  await world.settle()
})

test.afterAll(async () => {
  await page?.context().close()
  await world?.[Symbol.asyncDispose]()
})

test('the line may be copied once the form allows it, and is written anew as the form changes', async () => {
  await open()
  const copy = page.getByRole('button', { name: 'Copy the line' })
  await expect(copy).toHaveAttribute('aria-disabled', 'true')
  await expect(page.getByText('A gateway needs its public endpoint first')).toBeVisible()
  await page.getByLabel('Public address or name').fill('203.0.113.9:51820')
  await expect(copy).not.toHaveAttribute('aria-disabled', 'true')
  await expect(line()).not.toContainText('--fix')
  await page.getByRole('button', { name: 'What the line may do on the machine' }).click()
  await page.getByLabel('Open the host firewall').check()
  await expect(line()).toContainText('--fix')
  await copy.click()
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await line().textContent())
  await saved()
})

test('a reload keeps the node and what the line may do, and makes the next token', async () => {
  const [before, address] = [await line().textContent(), page.url()]
  await page.reload()
  await expect(line()).toContainText('--fix')
  await expect(page.getByLabel('Public address or name')).toHaveValue('203.0.113.9')
  expect(page.url()).toBe(address)
  expect(await line().textContent()).not.toBe(before)
})

test('a member waits for the gateway, and one click makes it the gateway', async () => {
  await open()
  await expect(page.getByText('No gateway has joined this network yet')).toBeVisible()
  await page.getByRole('button', { name: 'Make this the gateway' }).click()
  await expect(page.getByLabel('Public address or name')).toBeVisible()
})

test('a look leaves no invitation behind; what was described stays', async () => {
  const before = await invitedNodes()
  await open()
  await expect.poll(invitedNodes).toBe(before + 1)
  await leave()
  await expect.poll(invitedNodes).toBe(before)
  await open()
  await page.getByRole('form', { name: 'The node' }).getByLabel('Name', { exact: true }).fill('kept')
  await saved()
  await leave()
  await expect(page.getByText('kept')).toBeVisible()
  expect(await invitedNodes()).toBe(before + 1)
})

test('an expired line says so and cannot be copied; one click makes the next', async () => {
  await open()
  await page.getByLabel('Public address or name').or(page.getByText('No gateway has joined')).first().waitFor()
  const before = await line().textContent()
  await page.clock.setFixedTime(Date.now() + 31 * 60_000)
  await expect(page.getByText('Expired, and worth nothing to anyone.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Copy the line' })).toHaveCount(0)
  await page.clock.setFixedTime(Date.now())
  await page.getByRole('button', { name: 'Make a new line' }).click()
  await expect(line()).not.toHaveText(before ?? '')
  await expect(page.getByText(/Works once, for/)).toBeVisible()
})

test('a revoked invitation is gone, with the way to another', async () => {
  await open()
  const address = page.url()
  await page.getByRole('button', { name: 'Revoke invitation' }).click()
  await page.waitForURL(/\/nodes$/)
  await page.goto(address)
  await expect(page.getByText('This invitation is gone')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Add node' })).toBeVisible()
})

test('a viewer may look, not add, and is told why', async ({ browser }) => {
  const viewer = { name: 'Alan Turing', email: 'alan@example.com', password: OWNER.password, role: 'viewer' }
  await world.rest('POST', '/members', viewer)
  const before = await invitedNodes()
  const context = await browser.newContext()
  const other = await context.newPage()
  await other.goto(`${world.url}/sign-in`)
  await other.getByLabel('Email').fill(viewer.email)
  await other.getByLabel('Password', { exact: true }).fill(viewer.password)
  await other.getByRole('button', { name: 'Sign in' }).click()
  await other.waitForURL(/\/networks$/)
  await other.goto(`${world.url}/networks/${world.empty}/add-node`)
  await expect(other.getByText('You are a viewer here; this needs an operator.')).toBeVisible()
  expect(await invitedNodes()).toBe(before)
  await context.close()
})

const saved = () => expect(page.getByText('saved', { exact: true })).toBeVisible()
const line = () => page.locator('pre[data-line]')

async function open(): Promise<void> {
  await page.goto(`${world.url}/networks/${world.empty}/add-node`)
  await expect(line()).toContainText('swj_')
  await page.waitForURL(/[?&]node=/)
}

/** By a link of the console, as a person does. */
async function leave(): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'Nodes' }).click()
  await page.waitForURL(/\/nodes$/)
}

async function invitedNodes(): Promise<number> {
  const nodes = await world.rest<{ state: string }[]>('GET', `/networks/${world.empty}/nodes`)
  return nodes.filter(({ state }) => state === 'invited').length
}
