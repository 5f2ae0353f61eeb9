import type { Page } from '@playwright/test'
import type { PageOf } from './page-of.ts'
import type { World } from './world.ts'

const matrix = (page: Page) => page.getByRole('application', { name: /^Matrix of/ })
const panel = (name: RegExp) => (page: Page) => page.getByRole('complementary', { name })
/** It is painted when the page has been taken over by the browser. */
const painted = (page: Page) => page.waitForTimeout(1500)
const text = (words: string | RegExp) => (page: Page) => page.getByText(words).first()

const paths =
  (rest = '') =>
  ({ paths: { network } }: World) =>
    `/networks/${network}/paths${rest}`
const settings = (tab: string) => (world: World) => `/networks/${world.paths.network}/settings?tab=${tab}`
const node = (which: 'from' | 'gateway') => (world: World) =>
  `/networks/${world.paths.network}/nodes/${world.paths[which]}`

/** Paths of a mesh, the reason of one, and what decides about them. */
export const pathPages: readonly PageOf[] = [
  {
    name: 'paths-none',
    stage: 'empty',
    path: (world) => `/networks/${world.empty}/paths`,
    whole: text('No paths yet'),
  },
  { name: 'paths', stage: 'full', path: paths(), act: painted, whole: matrix },
  { name: 'paths-loss', stage: 'full', path: paths('?show=loss'), act: painted, whole: matrix },
  { name: 'paths-table', stage: 'full', path: paths('?table=true'), whole: text('through gateways') },
  { name: 'paths-search-none', stage: 'full', path: paths('?q=nobody'), whole: text('Nobody here is called') },
  {
    name: 'paths-why',
    stage: 'full',
    path: (world) => paths(`?from=${world.paths.from}&to=${world.paths.to}`)(world),
    whole: text(/new port for each destination/),
  },
  {
    name: 'paths-why-gone',
    stage: 'full',
    path: (world) => paths(`?from=${world.paths.from}&to=${world.paths.network}`)(world),
    whole: text('The reason could not be read'),
  },
  { name: 'paths-changes', stage: 'full', path: paths('?changes=true'), whole: panel(/Changes of paths/) },
  { name: 'settings-topology', stage: 'full', path: settings('topology'), whole: text('in use') },
  {
    name: 'settings-topology-preview',
    stage: 'full',
    path: settings('topology'),
    act: (page) => page.getByRole('radio', { name: /^Hub/ }).check(),
    whole: text(/would go, on/),
  },
  {
    name: 'site-gateways',
    stage: 'full',
    path: settings('sites'),
    act: (page) =>
      page
        .getByRole('button', { name: /^Gateways of/ })
        .first()
        .click(),
    whole: text(/from its nodes/),
  },
  {
    name: 'node-lans',
    stage: 'full',
    path: node('from'),
    act: (page) => text('LANs behind it')(page).scrollIntoViewIfNeeded(),
    whole: text('waits for approval'),
  },
  {
    name: 'node-drain',
    stage: 'full',
    path: node('gateway'),
    act: async (page) => {
      await page.getByRole('button', { name: 'More actions' }).click()
      await page.getByRole('menuitem', { name: 'Drain gateway' }).click()
    },
    whole: (page) => page.getByRole('dialog'),
  },
]
