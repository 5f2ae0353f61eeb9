import { expect, type Page } from '@playwright/test'
import type { PageOf } from './page-of.ts'
import type { World } from './world.ts'

const button = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first()
const text = (words: string | RegExp) => (page: Page) => page.getByText(words).first()
const dialog = (page: Page) => page.getByRole('dialog')
const told = (words: string | RegExp) => (page: Page) => dialog(page).getByText(words).first()
const press = (name: string) => (page: Page) => page.getByRole('button', { name }).first().click()
/** A click before the script is there counts for nothing: again, until there is a dialog. */
const opens = (name: string) => (page: Page) =>
  expect(async () => {
    if (!(await dialog(page).isVisible())) await press(name)(page)
    await expect(dialog(page)).toBeVisible({ timeout: 3000 })
  }).toPass({ timeout: 30_000 })

const cluster =
  (which: keyof World['clusters'], rest = 'cluster') =>
  ({ clusters }: World) =>
    `/networks/${clusters[which]}/${rest}`
const part =
  (which: keyof World['parts'], rest = 'nodes') =>
  ({ clusters, parts }: World) =>
    `/networks/${clusters.troubled}/${rest}${rest === 'nodes' ? '/' : ''}${parts[which]}`
const empty = (rest: string) => (world: World) => `/networks/${world.empty}/${rest}`

const previews = (page: Page) =>
  page.locator('button[type=submit]:not([aria-disabled])', { hasText: 'Preview the change' }).click()

/** Clusters, their nodes and people's devices, in every state that a person may meet. */
export const clusterPages: readonly PageOf[] = [
  { name: 'cluster-none', stage: 'empty', path: empty('cluster'), whole: text('No cluster yet') },
  { name: 'cluster-make', stage: 'empty', path: empty('cluster?make=true'), whole: text('the channel stable moves') },
  {
    name: 'cluster-make-advanced',
    stage: 'empty',
    path: empty('cluster?make=true'),
    act: async (page) => {
      await page.getByLabel('Pod range').fill('10.0.0.0/30')
      await page.getByText('Embedded etcd').click()
      await page.getByRole('button', { name: 'Advanced' }).click()
      await page.getByLabel('Servers').fill('node-ip=10.0.0.1')
    },
    whole: text('Spanwire sets it for each node'),
  },
  { name: 'devices-none', stage: 'empty', path: empty('devices'), whole: text('No device yet') },

  { name: 'cluster-none-viewer', stage: 'full', by: 'viewer', path: empty('cluster'), whole: text('No cluster yet') },
  { name: 'cluster-without-nodes', stage: 'full', path: cluster('none'), whole: text('No machine has a part') },
  { name: 'cluster-begun', stage: 'full', path: cluster('begun'), whole: text('its join token is not here yet') },
  { name: 'cluster-well', stage: 'full', path: cluster('well'), whole: text('5 of 5 Ready') },
  { name: 'cluster', stage: 'full', path: cluster('troubled'), whole: text('stopped answering at') },
  {
    name: 'cluster-viewer',
    stage: 'full',
    by: 'viewer',
    path: cluster('troubled'),
    whole: text('stopped answering at'),
  },
  { name: 'cluster-changing', stage: 'full', path: cluster('changing'), whole: text('A change is on its way') },
  { name: 'cluster-stopped', stage: 'full', path: cluster('stopped'), whole: text('The change has stopped') },
  {
    name: 'cluster-break-off',
    stage: 'full',
    path: cluster('stopped'),
    act: opens('Break it off'),
    whole: dialog,
  },
  {
    name: 'cluster-settings',
    stage: 'full',
    path: cluster('troubled', 'cluster?tab=settings'),
    whole: button('Preview the change'),
  },
  {
    name: 'cluster-settings-viewer',
    stage: 'full',
    by: 'viewer',
    path: cluster('well', 'cluster?tab=settings'),
    whole: (page) => page.getByLabel('Pod range'),
  },
  {
    name: 'cluster-preview',
    stage: 'full',
    path: cluster('troubled', 'cluster?tab=settings'),
    act: async (page) => {
      await page.getByText('vxlan', { exact: true }).click()
      await previews(page)
    },
    whole: dialog,
  },
  {
    name: 'cluster-preview-refused',
    stage: 'full',
    path: cluster('well', 'cluster?tab=settings'),
    act: async (page) => {
      await page.getByLabel('Pod range').fill('10.99.0.0/16')
      await previews(page)
    },
    whole: dialog,
  },
  {
    name: 'cluster-kubeconfig',
    stage: 'full',
    path: cluster('well'),
    act: opens('Get a kubeconfig'),
    whole: text('never leaves it'),
  },
  {
    name: 'cluster-kubeconfig-asked',
    stage: 'full',
    path: cluster('changing'),
    act: async (page) => {
      await opens('Get a kubeconfig')(page)
      await press('Make and save it')(page)
    },
    whole: told(/to sign it, asked/),
  },
  {
    name: 'cluster-kubeconfig-made',
    stage: 'full',
    path: cluster('well'),
    act: async (page) => {
      await opens('Get a kubeconfig')(page)
      await press('Make and save it')(page)
    },
    whole: told(/Saved as/),
  },
  {
    name: 'cluster-kubeconfig-failed',
    stage: 'full',
    path: cluster('troubled'),
    act: async (page) => {
      await opens('Get a kubeconfig')(page)
      await press('Make and save it')(page)
    },
    whole: told(/could not sign it/),
  },
  {
    name: 'cluster-delete',
    stage: 'full',
    path: cluster('troubled', 'cluster?tab=delete'),
    act: opens('Delete cluster'),
    whole: dialog,
  },

  { name: 'node-in-cluster', stage: 'full', path: part('agent'), whole: text('is its overlay address') },
  { name: 'node-in-cluster-cut', stage: 'full', path: part('cut'), whole: text(/because its only path.*answering at/) },
  {
    name: 'topology-cut',
    stage: 'full',
    path: part('cut', 'topology?node='),
    act: (page) => page.waitForTimeout(1500),
    whole: text(/because its only path.*answering at/),
  },
  {
    name: 'node-in-cluster-viewer',
    stage: 'full',
    by: 'viewer',
    path: part('stuck'),
    whole: text('would violate'),
  },
  { name: 'node-in-cluster-refused', stage: 'full', path: part('refused'), whole: button('Forget its old password') },
  { name: 'node-outside', stage: 'full', path: part('outside'), whole: button('Add to the cluster') },
  {
    name: 'node-outside-add',
    stage: 'full',
    path: part('outside'),
    act: async (page) => {
      await opens('Add to the cluster')(page)
      await dialog(page).getByText('k3s server', { exact: true }).click()
    },
    whole: told(/pings/),
  },
  { name: 'node-leaving', stage: 'full', path: part('leaving'), whole: text('asked') },
  { name: 'node-leaving-stuck', stage: 'full', path: part('stuck'), whole: button('Go on without it') },
  {
    name: 'node-leave-cluster',
    stage: 'full',
    path: part('server'),
    act: opens('Remove from cluster'),
    whole: told('No new pods'),
  },
  {
    name: 'node-remove-in-cluster',
    stage: 'full',
    path: part('agent'),
    act: async (page) => {
      await page.getByRole('button', { name: /More/ }).first().click()
      await page.getByRole('menuitem', { name: 'Remove node' }).click()
    },
    whole: told('Then it is taken off the network'),
  },
  {
    name: 'node-rotate-keys',
    stage: 'full',
    path: part('agent'),
    act: async (page) => {
      await page.getByRole('button', { name: /More/ }).first().click()
      await page.getByRole('menuitem', { name: 'Rotate keys' }).click()
    },
    whole: (page) => dialog(page).getByRole('button', { name: 'Rotate keys' }),
  },
  {
    name: 'node-rotate-keys-devices',
    stage: 'full',
    path: ({ clusters, wellGateway }) => `/networks/${clusters.well}/nodes/${wellGateway}`,
    act: async (page) => {
      await page.getByRole('button', { name: 'More actions' }).click()
      await page.getByRole('menuitem', { name: 'Rotate keys' }).click()
    },
    whole: told(/each needs a new file/),
  },
  {
    name: 'node-remove-abandoned',
    stage: 'full',
    path: part('agent'),
    act: async (page) => {
      await page.getByRole('button', { name: /More/ }).first().click()
      await page.getByRole('menuitem', { name: 'Remove node' }).click()
      await dialog(page).getByText('The machine is gone').click()
    },
    whole: told('k3s stays on the machine'),
  },
  {
    name: 'add-node-in-cluster',
    stage: 'full',
    path: cluster('troubled', 'add-node'),
    act: (page) => page.getByText('k3s server', { exact: true }).click(),
    whole: (page) => page.getByLabel('Kubernetes name'),
  },
  {
    name: 'add-node-waits-for-server',
    stage: 'full',
    path: (world) => `/networks/${world.clusters.begun}/add-node?node=${world.waiting}`,
    whole: text(/waiting for .*last heard/i),
  },
  {
    name: 'add-node-refused-by-cluster',
    stage: 'full',
    path: part('refused', 'add-node?node='),
    whole: text(/Node password rejected/),
  },
  {
    name: 'add-node-in-cluster-done',
    stage: 'full',
    path: part('agent', 'add-node?node='),
    whole: text('is in'),
  },

  { name: 'devices', stage: 'full', path: cluster('well', 'devices'), whole: text('revoked') },
  {
    name: 'device-add',
    stage: 'full',
    path: cluster('well', 'devices'),
    act: opens('Add device'),
    whole: told('Ends after'),
  },
  {
    name: 'device-added',
    stage: 'full',
    path: cluster('troubled', 'devices'),
    act: async (page) => {
      await opens('Add device')(page)
      await page.getByLabel('Name').fill('laptop')
      await dialog(page).getByRole('button', { name: 'Add device' }).click()
    },
    whole: (page) => page.getByRole('img', { name: /QR code/ }),
  },
  {
    name: 'device-file',
    stage: 'full',
    path: cluster('well', 'devices'),
    act: opens('Configuration of laptop'),
    whole: told('AllowedIPs'),
  },
  {
    name: 'device-revoke',
    stage: 'full',
    path: cluster('well', 'devices'),
    act: opens('Revoke laptop'),
    whole: told('cannot come back'),
  },
  {
    name: 'devices-viewer',
    stage: 'full',
    by: 'viewer',
    path: cluster('well', 'devices'),
    whole: text('No device yet'),
  },
]
