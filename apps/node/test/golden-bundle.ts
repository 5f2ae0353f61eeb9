import { readdirSync, readFileSync } from 'node:fs'
import type { BundleFile } from '@spanwire/mesh/protocol/render-bundle'

const GOLDEN = new URL('../../../packages/mesh/src/protocol/golden/', import.meta.url)

export const goldenKinds = [
  'gateway',
  'member',
  'paused',
  'trial',
  'paths-gateway',
  'paths-member',
  'paths-router',
] as const
export type GoldenKind = (typeof goldenKinds)[number]

/** The bundle that the server's own tests are held to, as its files in their order. */
export function goldenBundle(kind: GoldenKind): BundleFile[] {
  const read = (name: string): BundleFile => ({ name, text: readFileSync(new URL(`${kind}/${name}`, GOLDEN), 'utf8') })
  const names = readdirSync(new URL(`${kind}/`, GOLDEN), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.replace(/^.*\/golden\/[\w-]+\/+/, ''))
    .filter((name) => name !== 'meta' && name !== 'SHA256SUMS')
  return ['meta', ...names.sort(), 'SHA256SUMS'].map(read)
}
