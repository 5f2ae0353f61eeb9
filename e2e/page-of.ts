import type { Locator, Page } from '@playwright/test'
import type { World } from './world.ts'

/** How full the world has to be for a page; a person sees them in this order. */
export const STAGES = ['new', 'bare', 'empty', 'full'] as const
export type Stage = (typeof STAGES)[number]

/** What is simulated for a page to show, beside people; each part may stand without the others. */
export const PARTS = ['networks', 'clusters', 'access'] as const
export type Part = (typeof PARTS)[number]

export type PageOf = {
  /** also the name of its picture */
  name: string
  stage: Stage
  path: (world: World) => string
  /** by default the owner */
  by?: 'nobody' | 'viewer'
  /** what a person does there first */
  act?: (page: Page, world: World) => Promise<unknown>
  /** on screen when the page is whole */
  whole: (page: Page) => Locator
}
