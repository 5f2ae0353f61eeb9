import type { Page } from '@playwright/test'
import { accessPages } from './access-pages.ts'
import { clusterPages } from './cluster-pages.ts'
import { keyPages } from './key-pages.ts'
import type { PageOf, Part } from './page-of.ts'
import { pathPages } from './path-pages.ts'
import { ORGANIZATION, OWNER, type World } from './world.ts'

const title = (name: string | RegExp) => (page: Page) => page.getByRole('heading', { level: 1, name })
const button = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first()
const link = (name: string | RegExp) => (page: Page) => page.getByRole('link', { name }).first()
const text = (words: string | RegExp) => (page: Page) => page.getByText(words).first()
const event = (page: Page) => page.getByRole('article').first()
const chart = (page: Page) => page.locator('main canvas').first()
const dialog = (page: Page) => page.getByRole('dialog')

const inside = (network: 'empty' | 'full' | 'quiet', rest: string) => (world: World) =>
  `/networks/${world[network]}/${rest}`

const networkPages: readonly PageOf[] = [
  { name: 'setup', stage: 'new', path: () => '/setup', by: 'nobody', whole: button('Make account') },
  {
    name: 'setup-refused',
    stage: 'new',
    path: () => '/setup',
    by: 'nobody',
    act: (page) => page.getByRole('button', { name: 'Make account' }).click(),
    whole: text('Your name is shown beside what you change'),
  },

  { name: 'sign-in', stage: 'bare', path: () => '/sign-in', by: 'nobody', whole: button('Sign in') },
  { name: 'networks-none', stage: 'bare', path: () => '/networks', whole: text('No network yet') },
  { name: 'activity-begun', stage: 'bare', path: () => '/activity', whole: text('made the') },
  { name: 'members-one', stage: 'bare', path: () => '/organization', whole: text(OWNER.email) },
  { name: 'not-found', stage: 'bare', path: () => '/networks/none-of-this', whole: title('There is nothing here') },

  { name: 'create-network', stage: 'empty', path: () => '/networks/new', whole: text('Free: nothing') },
  {
    name: 'create-network-refused',
    stage: 'empty',
    path: () => '/networks/new',
    act: async (page) => {
      await page.getByLabel('Name').fill('Home Lab')
      const range = page.getByLabel('Address range')
      await range.fill((await range.inputValue()).replace(/\d+\/\d+$/, '77/10'))
      await page.getByRole('button', { name: 'Advanced' }).click()
      await page.getByLabel('Name').focus()
    },
    whole: text(/lower case/),
  },
  { name: 'topology-empty', stage: 'empty', path: inside('empty', 'topology'), whole: link(/Add/) },
  { name: 'nodes-empty', stage: 'empty', path: inside('empty', 'nodes'), whole: link(/Add/) },
  { name: 'add-node-first', stage: 'empty', path: inside('empty', 'add-node'), whole: text('Waiting for the machine') },
  { name: 'activity-network-begun', stage: 'empty', path: inside('empty', 'activity'), whole: title('Activity') },
  { name: 'sites-none', stage: 'empty', path: inside('empty', 'settings?tab=sites'), whole: button('Add site') },
  {
    name: 'join-keys-none',
    stage: 'empty',
    path: inside('empty', 'settings?tab=join-keys'),
    whole: text('No join key'),
  },
  {
    name: 'delete-network-empty',
    stage: 'empty',
    path: inside('empty', 'settings?tab=delete'),
    whole: button(/Delete/),
  },

  { name: 'networks', stage: 'full', path: () => '/networks', whole: text('production') },
  { name: 'activity', stage: 'full', path: () => '/activity', whole: event },
  { name: 'members', stage: 'full', path: () => '/organization', whole: text('grace@example.com') },
  { name: 'api-keys', stage: 'full', path: () => '/organization?tab=api-keys', whole: text('terraform') },
  {
    name: 'api-key-create',
    stage: 'full',
    path: () => '/organization?tab=api-keys',
    act: (page) => page.getByRole('button', { name: 'Create API key' }).click(),
    whole: dialog,
  },
  {
    name: 'api-key-revoke',
    stage: 'full',
    path: () => '/organization?tab=api-keys',
    act: (page) => page.getByRole('button', { name: 'Revoke terraform' }).click(),
    whole: dialog,
  },
  {
    name: 'topology',
    stage: 'full',
    path: inside('full', 'topology'),
    act: (page) => page.waitForTimeout(1500),
    whole: (page) => page.getByRole('img', { name: /measured tunnels/ }),
  },
  {
    name: 'topology-node',
    stage: 'full',
    path: (world) => `/networks/${world.full}/topology?node=${world.nodes.cut}`,
    act: (page) => page.waitForTimeout(1500),
    whole: (page) => page.getByRole('complementary', { name: /Node/ }),
  },
  { name: 'topology-table', stage: 'full', path: inside('full', 'topology?table=true'), whole: text('frankfurt-gw-1') },
  {
    name: 'paths-trouble',
    stage: 'full',
    path: inside('full', 'paths'),
    act: (page) => page.waitForTimeout(1500),
    whole: (page) => page.getByRole('application', { name: /^Matrix of/ }),
  },
  {
    name: 'paths-why-dead',
    stage: 'full',
    path: (world) => inside('full', `paths?from=${world.nodes.well}&to=${world.nodes.cut}`)(world),
    whole: text(/Last alive|No way since/),
  },
  { name: 'nodes', stage: 'full', path: inside('full', 'nodes'), whole: text('frankfurt-') },
  {
    name: 'node-gateway',
    stage: 'full',
    path: (world) => `/networks/${world.full}/nodes/${world.nodes.gateway}`,
    whole: chart,
  },
  {
    name: 'node-well',
    stage: 'full',
    path: (world) => `/networks/${world.full}/nodes/${world.nodes.well}`,
    whole: chart,
  },
  {
    name: 'node-cut',
    stage: 'full',
    path: (world) => `/networks/${world.full}/nodes/${world.nodes.cut}`,
    whole: chart,
  },
  {
    name: 'node-off',
    stage: 'full',
    path: (world) => `/networks/${world.full}/nodes/${world.nodes.off}`,
    whole: chart,
  },
  { name: 'activity-network', stage: 'full', path: inside('full', 'activity'), whole: event },
  { name: 'settings', stage: 'full', path: inside('full', 'settings'), whole: button('Save changes') },
  { name: 'sites', stage: 'full', path: inside('full', 'settings?tab=sites'), whole: text('frankfurt') },
  { name: 'join-keys', stage: 'full', path: inside('full', 'settings?tab=join-keys'), whole: text('autoscaling') },
  {
    name: 'join-key-create',
    stage: 'full',
    path: inside('full', 'settings?tab=join-keys'),
    act: (page) => page.getByRole('button', { name: 'Create join key' }).click(),
    whole: dialog,
  },
  { name: 'delete-network', stage: 'full', path: inside('full', 'settings?tab=delete'), whole: button(/Delete/) },
  {
    name: 'add-node',
    stage: 'full',
    path: inside('quiet', 'add-node'),
    act: (page) => page.getByRole('button', { name: 'Copy the line' }).waitFor(),
    whole: text('Waiting for the machine'),
  },
  {
    name: 'add-node-running',
    stage: 'full',
    path: (world) => `/networks/${world.quiet}/add-node?node=${world.joining.running}`,
    whole: text('reception is joining'),
  },
  {
    name: 'add-node-failed',
    stage: 'full',
    path: (world) => `/networks/${world.quiet}/add-node?node=${world.joining.failed}`,
    whole: text('Stopped:'),
  },
  {
    name: 'add-node-timed-out',
    stage: 'full',
    path: (world) => `/networks/${world.quiet}/add-node?node=${world.joining.timedOut}`,
    whole: text('timed out'),
  },
  {
    name: 'add-node-done',
    stage: 'full',
    path: (world) => `/networks/${world.full}/add-node?node=${world.nodes.well}`,
    whole: text('is in'),
  },
  {
    name: 'add-node-gone',
    stage: 'full',
    path: (world) => `/networks/${world.quiet}/add-node?node=${world.quiet}`,
    whole: text('This invitation is gone'),
  },
  {
    name: 'palette',
    stage: 'full',
    path: inside('full', 'nodes'),
    act: async (page) => {
      await page.keyboard.press('Control+k')
      await page.getByRole('textbox', { name: 'Search' }).fill('osl')
    },
    whole: text('oslo-'),
  },
  {
    name: 'keys',
    stage: 'full',
    path: inside('full', 'nodes'),
    act: async (page) => {
      await page.locator('main').focus()
      await page.keyboard.press('?')
    },
    whole: dialog,
  },
  {
    name: 'account',
    stage: 'full',
    path: () => '/networks',
    act: (page) => page.getByRole('button', { name: /account/ }).click(),
    whole: text(`owner of ${ORGANIZATION}`),
  },
  {
    name: 'switch',
    stage: 'full',
    path: inside('full', 'settings'),
    act: (page) => page.getByRole('button', { name: /switch network/ }).click(),
    whole: (page) => page.getByRole('option', { name: 'office' }),
  },
  {
    name: 'failed',
    stage: 'full',
    path: () => '/organization?tab=members',
    act: async (page) => {
      await page.route('**/trpc/**', (route) => route.abort())
      await page.getByRole('tab', { name: 'API keys' }).click()
    },
    whole: text('could not be read'),
  },
]

/** Every page of the console, empty and full, and the states of it that are worth a look: by the part of the world that they show. */
export const pagesOf: Record<Part, readonly PageOf[]> = {
  networks: [...networkPages, ...keyPages],
  clusters: clusterPages,
  access: [...accessPages, ...pathPages],
}

export const pages: readonly PageOf[] = Object.values(pagesOf).flat()
