import { expect, test } from '@playwright/test'
import { savePolicy } from './simulated-access.ts'
import { World } from './world.ts'

/** What a page shows is the present, also where something changed while the page was on its way, and the clock of its reader is wrong. */
test('what changes after a page was read and before it listens is shown by itself', async ({ page }) => {
  await using world = await World.start()
  await world.signUp(page)
  await world.settle()
  let listens = () => {}
  const held = new Promise<void>((resolve) => {
    listens = resolve
  })
  await page.route('**/trpc/live.hints*', async (route) => {
    await held
    await route.continue()
  })
  await page.addInitScript(() => {
    const { now } = Date
    Date.now = () => now() - 3_600_000
  })
  await page.goto(`${world.url}/networks/${world.empty}/access`)
  await expect(page.getByText('No policy yet')).toBeVisible()
  await savePolicy(world.rest, world.empty, '{ "acls": [] }')
  listens()
  await expect(page.getByText('No policy yet')).toBeHidden()
})
