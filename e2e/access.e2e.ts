import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { accessible } from './accessible.ts'
import { SimulatedNetwork } from './simulated-network.ts'

/**
 * What a person does who closes a network that was open: writes a rule in the form, sees who loses what, tries it with a hand on the
 * brake, and lets in what was dropped. One story: each test goes on where the one before stopped.
 */
test.describe.configure({ mode: 'serial' })

let network: SimulatedNetwork
let context: BrowserContext
let page: Page
/** The second machine by the order of the fleet, and the third. */
let web: string
let db: string

test.beforeAll(async ({ browser }) => {
  network = await SimulatedNetwork.start({ nodes: 5, sites: 2 })
  context = await browser.newContext({ viewport: { width: 1360, height: 860 } })
  page = await context.newPage()
  await network.signIn(page)
  const [, second, third] = network.fleet.nodes
  web = second!.who.name
  db = third!.who.name
  await untilUp(4)
})

test.afterAll(async () => {
  await context?.close()
  await network?.[Symbol.asyncDispose]()
})

test('machines get their tags in the form', async () => {
  for (const [node, tag] of [
    [1, 'web'],
    [2, 'db'],
  ] as const) {
    await page.goto(network.url(`nodes/${network.fleet.nodes[node]!.id}`))
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await page.getByRole('combobox', { name: 'Tags' }).fill(tag)
    await page.keyboard.press('Enter')
    // The list of known tags would lie over the buttons.
    await page.keyboard.press('Tab')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(page.getByText(`tag:${tag}`)).toBeVisible()
  }
})

test('a rule is written in the form, stands in the text, and its losses are listed before anything happens', async () => {
  await page.goto(network.url('access'))
  await expect(page.getByText('No policy yet')).toBeVisible()
  await page.getByRole('button', { name: 'Add rule' }).click()
  const dialog = page.getByRole('dialog')
  await chip('From', 'tag:web')
  await chip('To', 'tag:db')
  await dialog.getByLabel('Ports').fill('5432')
  await dialog.getByRole('combobox', { name: 'Protocol' }).click()
  await page.getByRole('option', { name: 'TCP', exact: true }).click()
  await dialog.getByLabel('Comment').fill('The shop and its database.')
  await dialog.getByRole('button', { name: 'Add rule' }).click()
  const text = page.getByRole('textbox', { name: 'The policy as text' })
  await expect(text).toContainText('// The shop and its database.')
  await expect(text).toContainText('"src": ["tag:web"], "dst": ["tag:db:5432"]')
  // Nothing is lost by another page, or by coming back.
  await page.goto(network.url('nodes'))
  await page.goto(network.url('access'))
  await expect(page.getByText('Not saved yet').first()).toBeVisible()
  await page.getByRole('button', { name: 'Review changes' }).click()
  await expect(page.getByText('until now everything inside of the network was allowed')).toBeVisible()
  await expect(page.getByRole('heading', { name: /^Lost: \d+ pairs$/ })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Gained: nothing' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Lost', exact: true })).toContainText(web)
  await accessible(page)
})

test('on trial all machines are waited for, and a person confirms', async () => {
  await page.getByLabel('Comment').fill('Closed, but for the shop.')
  await page.getByLabel('Ask me to confirm').check()
  await page.getByRole('button', { name: 'Save and try it' }).click()
  await expect(page.getByText('Version 1 is on trial', { exact: true })).toBeVisible()
  await expect(page.getByRole('timer')).toContainText('left')
  await expect(page.getByText('It waits for a person to confirm.')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText('5 of 5 machines well under it')).toBeVisible()
  await accessible(page)
  await page.getByRole('button', { name: 'Confirm', exact: true }).click()
  await expect(page.getByText('Version 1 holds.').first()).toBeVisible()
})

test('the table and the question say the same, with the rule', async () => {
  await page.getByRole('tab', { name: 'Reach' }).click()
  await page.getByRole('button', { name: new RegExp(`${web}.* to ${db}.*: tcp 5432`) }).click()
  await expect(page.getByText(/Rule 1 \(line \d+\) lets tcp 5432/)).toBeVisible()
  await page
    .getByRole('link', { name: /rule 1, line/ })
    .first()
    .click()
  await expect(page.getByRole('textbox', { name: 'The policy as text' })).toBeFocused()
})

test('what is dropped is told where it happens, and is one click from a rule', async () => {
  const nodes = await network.rest<{ name: string; address4: string }[]>('GET', `/networks/${network.id}/nodes`)
  const address = (name: string) => nodes.find((node) => node.name === name)!.address4
  const drop = { from: address(web), to: address(db), protocol: 'tcp', port: 6379, packets: 41 }
  network.fleet.nodeOf(db).rules.drops(drop)
  await page.goto(network.url(`nodes/${network.fleet.nodeOf(db).id}`))
  await expect(page.getByText(new RegExp(`${db} dropped 41 from ${web} to ${drop.to}:6379`))).toBeVisible({
    timeout: 60_000,
  })
  await page.getByRole('button', { name: `Allow ${web} to ${db}` }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Review changes' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Gained: 1 pair' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Lost: nothing' })).toBeVisible()
})

test('rules that a machine cannot keep are returned, with the sentence that says which', async () => {
  network.fleet.strike('rules', { kind: 'rules', node: db, trouble: 'returns' })
  await page.getByRole('button', { name: 'Save and try it' }).click()
  await expect(page.getByText('Version 2 was returned; version 1 holds, as before.')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText(`${db} could not keep the rules`)).toBeVisible()
  await accessible(page)
  network.fleet.undo('rules')
  await page.getByRole('button', { name: 'Open its text, to mend it' }).click()
  await expect(page.getByRole('textbox', { name: 'The policy as text' })).toContainText(':6379')
  await page.getByRole('button', { name: 'Discard' }).click()
})

test('who may only look changes nothing', async ({ browser }) => {
  await network.addMember('alan@example.com', 'viewer')
  const other = await browser.newContext()
  const viewer = await other.newPage()
  await network.signIn(viewer, 'alan@example.com')
  await viewer.goto(network.url('access'))
  await expect(viewer.getByText('this needs an admin').first()).toBeVisible()
  await expect(viewer.getByRole('button', { name: 'Add rule' })).toHaveAttribute('aria-disabled', 'true')
  await viewer.getByRole('textbox', { name: 'The policy as text' }).pressSequentially('x')
  await expect(viewer.getByText('Not saved yet')).toHaveCount(0)
  await other.close()
})

test('an invitation by link becomes an account', async ({ browser }) => {
  await page.goto(`${network.server.url}/organization`)
  await page.getByRole('button', { name: 'Invite by link' }).click()
  await page.getByRole('button', { name: 'Make the link' }).click()
  const link = (await page.getByText(/\/invitation#swi_/).textContent()) ?? ''
  const other = await browser.newContext()
  const guest = await other.newPage()
  await guest.goto(link.trim())
  await expect(guest.getByText(/Ada Lovelace|ada@example.com/).first()).toBeVisible()
  await guest.getByLabel('Your name').fill('Grace Hopper')
  await guest.getByLabel('Email').fill('grace@example.com')
  await guest.getByLabel('Password', { exact: true }).fill('a few words do well here')
  await guest.getByRole('button', { name: 'Make account' }).click()
  await guest.waitForURL(/\/networks/)
  await guest.goto(link.trim())
  await expect(guest.getByText('This link was used already.')).toBeVisible()
  await other.close()
})

async function chip(field: string, value: string): Promise<void> {
  await page.getByRole('dialog').getByRole('combobox', { name: field, exact: true }).fill(value)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
}

async function untilUp(count: number): Promise<void> {
  type Topology = { edges: { status: string }[] }
  await expect
    .poll(
      async () => {
        const { edges } = await network.rest<Topology>('GET', `/networks/${network.id}/topology`)
        return edges.filter(({ status }) => status === 'up').length
      },
      { timeout: 60_000 },
    )
    .toBe(count)
}
