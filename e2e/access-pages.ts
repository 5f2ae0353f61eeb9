import { expect, type Page } from '@playwright/test'
import type { PageOf } from './page-of.ts'
import { savePolicy } from './simulated-access.ts'
import type { World } from './world.ts'

const button = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first()
const text = (words: string | RegExp) => (page: Page) => page.getByText(words).first()
const dialog = (page: Page) => page.getByRole('dialog')
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).first().click()
const editor = (page: Page) => page.getByRole('textbox', { name: 'The policy as text' })

const access =
  (which: keyof World['access'], rest = '') =>
  (world: World) =>
    `/networks/${world.access[which]}/access${rest}`
const empty = (rest: string) => (world: World) => `/networks/${world.empty}/access${rest}`

type Policy = { text: string; trial: { state: string } | null }

/** A version that waits for a person: the one that a page before began, or one of its own. */
async function onTrial(page: Page, { rest, access: { ruled } }: World): Promise<void> {
  const { text, trial } = await rest<Policy>('GET', `/networks/${ruled}/policy`)
  if (trial?.state !== 'running') await savePolicy(rest, ruled, `${text}// On trial.\n`, { confirmSeconds: 300 })
  await expect(page.getByText('waits for a person').first()).toBeVisible({ timeout: 90_000 })
}

/** The policy in every state that a person may meet. */
export const accessPages: readonly PageOf[] = [
  { name: 'access-none', stage: 'empty', path: empty(''), whole: text('No policy yet') },
  { name: 'access-versions-none', stage: 'empty', path: empty('?tab=versions'), whole: text('No version yet') },
  { name: 'access-rules-none', stage: 'empty', path: empty('?tab=rules'), whole: text('nothing is dropped') },
  { name: 'access-reach-none', stage: 'empty', path: empty('?tab=reach'), whole: text('Nobody has an address') },

  { name: 'access', stage: 'full', path: access('ruled'), whole: editor },
  { name: 'access-form', stage: 'full', path: access('ruled', '?view=form'), whole: button('Edit rule 1') },
  { name: 'access-viewer', stage: 'full', by: 'viewer', path: access('ruled'), whole: text('this needs an admin') },
  {
    name: 'access-error',
    stage: 'full',
    path: access('ruled'),
    act: async (page) => {
      await editor(page).click()
      await page.keyboard.press('Control+Home')
      await page.keyboard.type('[')
    },
    whole: text(/^Line \d+$/),
  },
  {
    name: 'access-completion',
    stage: 'full',
    // An empty line among the rules.
    path: access('ruled', '?line=9'),
    act: async (page) => {
      await expect(editor(page)).toBeFocused()
      await page.keyboard.type('{ "src": ["no')
    },
    whole: (page) => page.getByRole('option', { name: /^node:/ }).first(),
  },
  {
    name: 'access-rule-add',
    stage: 'full',
    path: access('ruled', '?view=form'),
    act: (page) => press(page, 'Add rule'),
    whole: dialog,
  },
  {
    name: 'access-rule-edit',
    stage: 'full',
    path: access('ruled', '?view=form'),
    act: (page) => press(page, 'Edit rule 2'),
    whole: dialog,
  },
  {
    name: 'access-review',
    stage: 'full',
    path: access('ruled', '?view=form'),
    act: async (page) => {
      await press(page, 'Remove rule 3')
      await press(page, 'Review changes')
      await page.getByLabel('Ask me to confirm').check()
    },
    whole: text(/^Lost: [1-9]/),
  },
  {
    name: 'access-review-tests',
    stage: 'full',
    path: access('ruled', '?view=form'),
    act: async (page) => {
      await press(page, 'Remove rule 2')
      await press(page, 'Review changes')
    },
    whole: text('A test fails'),
  },
  {
    name: 'access-review-cluster',
    stage: 'full',
    path: ({ clusters }) => `/networks/${clusters.well}/access?view=form`,
    act: async (page) => {
      await press(page, 'Begin with people and k3s')
      await press(page, 'Remove rule 2')
      await press(page, 'Review changes')
    },
    whole: text('It cuts what k3s needs'),
  },
  {
    name: 'access-trial',
    stage: 'full',
    path: access('ruled'),
    act: onTrial,
    whole: button('Return now'),
  },
  {
    name: 'access-trial-returned',
    stage: 'full',
    path: access('ruled'),
    act: async (page, world) => {
      await onTrial(page, world)
      await press(page, 'Return now')
    },
    whole: text(/was returned; version 2 holds/),
  },
  { name: 'access-returned', stage: 'full', path: access('returned'), whole: text(/went back to those before/) },
  { name: 'access-reach', stage: 'full', path: access('ruled', '?tab=reach'), whole: text('tcp 5432') },
  {
    name: 'access-explain',
    stage: 'full',
    path: access('ruled', '?tab=reach'),
    act: async (page) => {
      await page.getByRole('combobox', { name: 'From', exact: true }).fill('tag:web')
      await page.getByRole('combobox', { name: 'To', exact: true }).fill('tag:db')
      await page.getByLabel('Port', { exact: true }).fill('5432')
      await page.keyboard.press('Escape')
      await press(page, 'Ask')
    },
    whole: text(/rule 2, line/),
  },
  {
    name: 'access-explain-draft',
    stage: 'full',
    path: access('ruled', '?tab=reach&under=draft&by=tag'),
    act: async (page) => {
      await page.getByRole('tab', { name: 'Policy' }).click()
      await editor(page).click()
      await page.keyboard.press('Control+Home')
      await page.keyboard.type('// Not saved.')
      await page.keyboard.press('Enter')
      await page.getByRole('tab', { name: 'Reach' }).click()
      await page
        .getByRole('button', { name: /tag:web .* to tag:db .*tcp 5432/ })
        .first()
        .click()
    },
    whole: text('rule 2, line 12'),
  },
  { name: 'access-reach-site', stage: 'full', path: access('ruled', '?tab=reach&by=site'), whole: text(/^some: /) },
  {
    name: 'access-reach-machines',
    stage: 'full',
    path: ({ clusters }) => `/networks/${clusters.well}/access?tab=reach&by=node`,
    whole: text(/^pods of /),
  },
  { name: 'access-versions', stage: 'full', path: access('ruled', '?tab=versions'), whole: text('Metrics too.') },
  {
    name: 'access-compare',
    stage: 'full',
    path: access('ruled', '?tab=versions&from=1&to=2'),
    whole: text(/^Gained: [1-9]/),
  },
  { name: 'access-rules', stage: 'full', path: access('ruled', '?tab=rules'), whole: text(/dropped 41 from/) },
  {
    name: 'access-allow',
    stage: 'full',
    path: access('ruled', '?tab=rules'),
    act: (page) =>
      page
        .getByRole('button', { name: /^Allow / })
        .first()
        .click(),
    whole: text(/^Gained: [1-9]/),
  },
  {
    name: 'node-drops',
    stage: 'full',
    path: (world) => `/networks/${world.access.ruled}/nodes/${world.access.dropping}`,
    whole: text('Dropped here'),
  },
  {
    name: 'access-failed',
    stage: 'full',
    path: access('ruled'),
    act: async (page) => {
      await page.route('**/trpc/**', (route) => route.abort())
      await page.getByRole('tab', { name: 'Versions' }).click()
    },
    whole: text('could not be read'),
  },
  {
    name: 'activity-policy',
    stage: 'full',
    path: (world) => `/networks/${world.access.ruled}/activity?action=policy`,
    act: (page) => page.getByText('What changed in the text').first().click(),
    whole: (page) => page.getByRole('region', { name: 'What changed in the text' }).first(),
  },
  {
    name: 'invitation-make',
    stage: 'full',
    path: () => '/organization',
    act: (page) => press(page, 'Invite by link'),
    whole: dialog,
  },
  {
    name: 'invitation-made',
    stage: 'full',
    path: () => '/organization',
    act: async (page) => {
      await press(page, 'Invite by link')
      await press(page, 'Make the link')
    },
    whole: text(/\/invitation#swi_/),
  },
  { name: 'invitations', stage: 'full', path: () => '/organization', whole: text('Whoever has the link') },
  { name: 'invitation', stage: 'full', by: 'nobody', path: (world) => world.invitation, whole: text(/invites you to/) },
  {
    name: 'invitation-gone',
    stage: 'full',
    by: 'nobody',
    path: () => '/invitation#swi_none',
    whole: text('This link does not open'),
  },
]
