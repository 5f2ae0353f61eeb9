import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { accessible } from './accessible.ts'
import { type PageOf, type Part, STAGES, type Stage } from './page-of.ts'
import { pagesOf } from './pages.ts'
import { VIEWER, World } from './world.ts'

const DESK = { width: 1360, height: 860 }
const PHONE = { width: 360, height: 740 }

let world: World
let door: BrowserContext
let inside: BrowserContext
let viewer: BrowserContext
let reached: Stage | undefined

/**
 * A test for every page that shows this part of the world, empty and full, in front of simulated machines: axe finds nothing in light on a
 * desk and in dark on a phone, nothing is wider than 360 px, and no script fails. A file of its own for each part, so that they are visited
 * side by side.
 */
export function visitPages(part: Part): void {
  test.describe.configure({ mode: 'default' })

  test.beforeAll(async ({ browser }) => {
    const settings = { viewport: DESK, reducedMotion: 'reduce' as const }
    // One process may visit one part after another.
    reached = undefined
    world = await World.start()
    door = await browser.newContext(settings)
    inside = await browser.newContext(settings)
    viewer = await browser.newContext(settings)
  })

  test.afterAll(async () => {
    await door?.close()
    await inside?.close()
    await viewer?.close()
    await world?.[Symbol.asyncDispose]()
  })

  for (const stage of STAGES) {
    test.describe(stage, () => {
      test.beforeAll(() => fillTo(stage, part))
      for (const each of pagesOf[part].filter((one) => one.stage === stage)) {
        test(`${each.name} is accessible and fits a phone`, () => visit(each))
      }
    })
  }
}

async function visit(each: PageOf): Promise<void> {
  const context = { nobody: door, viewer, owner: inside }[each.by ?? 'owner']
  const page = await context.newPage()
  const faults = faultsOf(page)
  await page.goto(world.url + each.path(world))
  await each.act?.(page, world)
  await expect(each.whole(page)).toBeVisible()
  await accessible(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize(PHONE)
  await page.waitForTimeout(100)
  expect(await overflow(page), 'px wider than the screen').toBe(0)
  await accessible(page)
  expect(faults).toEqual([])
  await page.close()
}

/** Through every stage before: after a failure the runner begins again in the middle, with a world that is new. */
async function fillTo(stage: Stage, part: Part): Promise<void> {
  for (const next of STAGES.slice(reached ? STAGES.indexOf(reached) + 1 : 0, STAGES.indexOf(stage) + 1)) {
    if (next === 'bare') {
      const page = await inside.newPage()
      await world.signUp(page)
      await page.close()
    }
    if (next === 'empty') await world.settle()
    if (next === 'full') {
      await world.fill([part])
      const page = await viewer.newPage()
      await world.signIn(page, VIEWER)
      await page.close()
    }
    reached = next
  }
}

/** Scripts that failed, and what the page's own security policy refused. */
function faultsOf(page: Page): string[] {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Hydration/i.test(message.text()))
      faults.push(message.text())
  })
  return faults
}

/** How much the page scrolls sideways; what scrolls inside of it is its own affair. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const main = document.querySelector('main')
    const widest = Math.max(
      document.documentElement.scrollWidth - innerWidth,
      main ? main.scrollWidth - main.clientWidth : 0,
    )
    return Math.max(0, widest)
  })
}
