/**
 * `npm run screenshots`: pictures of every page of e2e/pages.ts, light and dark, wide and narrow, of the production build and a
 * simulated fleet, into e2e/screenshots/; and the one that the README shows. Give names to make only those.
 */
import { mkdir, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, chromium, type Page } from '@playwright/test'
import type { PageOf, Stage } from './page-of.ts'
import { pages } from './pages.ts'
import config from './playwright.config.ts'
import { VIEWER, World } from './world.ts'

const out = fileURLToPath(new URL('screenshots/', import.meta.url))
const SCHEMES = ['light', 'dark'] as const
const image = fileURLToPath(new URL('../docs/images/topology.png', import.meta.url))

const sizes = [
  { name: 'wide', viewport: { width: 1440, height: 900 } },
  { name: 'narrow', viewport: { width: 360, height: 740 } },
]

const wanted = process.argv.slice(2)
const chosen = pages.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
const unknown = wanted.filter((name) => !pages.some((each) => each.name === name))
if (unknown.length > 0) {
  console.error(`There is no page ${unknown.join(', ')}. They are: ${pages.map(({ name }) => name).join(' ')}`)
  process.exit(2)
}

const begun = performance.now()
const seconds = () => `${((performance.now() - begun) / 1000).toFixed(0)} s`
const faults: string[] = []
if (wanted.length === 0) await rm(out, { recursive: true, force: true })

await using world = await World.start()
const browser = await chromium.launch(config.use?.launchOptions)
const settings = { locale: 'en-GB', timezoneId: 'UTC' } as const
const contexts = await Promise.all(
  sizes.map(async ({ name, viewport }) => ({
    size: name,
    door: await browser.newContext({ ...settings, viewport }),
    inside: await browser.newContext({ ...settings, viewport }),
    viewer: await browser.newContext({ ...settings, viewport }),
  })),
)
console.log(`The server stands after ${seconds()}`)

await takeAll('new')
await signEverybodyIn()
await takeAll('bare')
await world.settle()
// The fleet joins, and its troubles show, while the empty pages are taken.
const needsAll = chosen.some(({ stage }) => stage === 'full')
await Promise.all([needsAll && world.fill(), takeAll('empty')])
if (needsAll) await signViewerIn()
console.log(`The world is full after ${seconds()}`)
await takeAll('full')
if (wanted.length === 0 || wanted.includes('topology')) await takeImage()
await browser.close()

console.log(`${chosen.length} pages in ${SCHEMES.length * sizes.length} looks after ${seconds()}, in ${out}`)
for (const fault of faults) console.error(fault)
process.exitCode = faults.length > 0 ? 1 : 0

async function takeAll(stage: Stage): Promise<void> {
  const inStage = chosen.filter((each) => each.stage === stage)
  await Promise.all(
    contexts.map(async ({ size, door, inside, viewer }) => {
      for (const scheme of SCHEMES) await mkdir(`${out}${size}-${scheme}`, { recursive: true })
      for (const each of inStage) await take(each, { nobody: door, viewer, owner: inside }[each.by ?? 'owner'], size)
    }),
  )
}

/** Loaded once: the colours follow the system while the page is open. */
async function take(each: PageOf, context: BrowserContext, size: string): Promise<void> {
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  page.on('pageerror', (error) => faults.push(`${size} ${each.name}: ${error.message}`))
  try {
    await page.goto(world.url + each.path(world))
    await each.act?.(page, world)
    await each.whole(page).waitFor()
    await still(page)
    for (const scheme of SCHEMES) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
      await page.waitForTimeout(150)
      await page.screenshot({ path: `${out}${size}-${scheme}/${each.name}.png`, animations: 'disabled' })
    }
  } catch (error) {
    faults.push(`${size} ${each.name}: ${(error as Error).message.split('\n')[0]}`)
  }
  await page.close()
}

/** Nothing is being loaded any more. */
async function still(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready)
  await page.waitForFunction(() => document.querySelector('[role="status"][aria-label="Loading"]') === null)
  await page.waitForTimeout(250)
}

async function signEverybodyIn(): Promise<void> {
  const page = await contexts[0]!.inside.newPage()
  await world.signUp(page)
  const { cookies } = await contexts[0]!.inside.storageState()
  for (const { inside } of contexts.slice(1)) await inside.addCookies(cookies)
  await page.close()
}

async function signViewerIn(): Promise<void> {
  const page = await contexts[0]!.viewer.newPage()
  await world.signIn(page, VIEWER)
  const { cookies } = await contexts[0]!.viewer.storageState()
  for (const { viewer } of contexts.slice(1)) await viewer.addCookies(cookies)
  await page.close()
}

/** Small enough for a repository: as many pixels as the README shows. */
async function takeImage(): Promise<void> {
  const page = await contexts[0]!.inside.newPage()
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await page.setViewportSize({ width: 1280, height: 760 })
  await page.goto(`${world.url}/networks/${world.full}/topology`)
  await page.getByRole('img', { name: /measured tunnels/ }).waitFor()
  await page.waitForTimeout(3000)
  await mkdir(fileURLToPath(new URL('../docs/images/', import.meta.url)), { recursive: true })
  await page.screenshot({ path: image, animations: 'disabled' })
  await page.close()
}
