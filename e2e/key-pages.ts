import type { Page } from '@playwright/test'
import type { PageOf } from './page-of.ts'
import type { World } from './world.ts'

const notice = (words: string | RegExp) => (page: Page) =>
  page.getByRole('region', { name: 'Rotation of keys' }).getByText(words)
const node = (which: keyof World['keys']) => (world: World) =>
  `/networks/${world.keys[which].network}/nodes/${world.keys[which].node}`

/** Keys of nodes that are rotated: what it waits for, how it ended. */
export const keyPages: readonly PageOf[] = [
  { name: 'node-keys-waiting', stage: 'full', path: node('waiting'), whole: notice('Its keys are being rotated.') },
  { name: 'node-keys-returned', stage: 'full', path: node('returned'), whole: notice(/went back to its old keys/) },
]
