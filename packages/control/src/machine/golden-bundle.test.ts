/** The golden bundles, which the shell tests read too, held against the renderer, real hashes, and the real nft and wg. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeView } from '@spanwire/mesh/paths/node-view'
import { GOLDEN_IDS, goldenPlan, goldenServer, goldenTrial } from '@spanwire/mesh/protocol/golden-network'
import { GOLDEN_PATHS_IDS, goldenPart, goldenPaths } from '@spanwire/mesh/protocol/golden-paths'
import { NO_EXTRAS, renderBundle } from '@spanwire/mesh/protocol/render-bundle'
import { afterAll, expect, test } from 'vitest'
import { bundleTar } from './bundle-tar.ts'
import { sha256hex } from './sha256.ts'

const GOLDEN = new URL('../../../mesh/src/protocol/golden/', import.meta.url)
const scratch = mkdtempSync(join(tmpdir(), 'spanwire-golden-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

type Kind = keyof typeof GOLDEN_IDS | 'trial' | PathsKind
type PathsKind = keyof typeof GOLDEN_PATHS_IDS
const pathsKinds = Object.keys(GOLDEN_PATHS_IDS) as PathsKind[]
const kinds = [...(Object.keys(GOLDEN_IDS) as Kind[]), 'trial' as const, ...pathsKinds]

const isPaths = (kind: Kind): kind is PathsKind => kind in GOLDEN_PATHS_IDS

function bundleOf(kind: Kind) {
  if (isPaths(kind)) {
    const view = nodeView(goldenPaths, GOLDEN_PATHS_IDS[kind])
    if (!view) throw new Error(`${kind} is not in the golden network`)
    return renderBundle(view, goldenServer, { epoch: 1, revision: 21, tombstone: null }, sha256hex, goldenPart)
  }
  const view = nodeView(goldenPlan, GOLDEN_IDS[kind === 'trial' ? 'member' : kind])
  if (!view) throw new Error(`${kind} is not in the golden network`)
  const tombstone = kind === 'member' ? `swt_${'Q'.repeat(43)}` : null
  const extras = kind === 'trial' ? goldenTrial : NO_EXTRAS
  return renderBundle(view, goldenServer, { epoch: 1, revision: 13, tombstone }, sha256hex, extras)
}

test.each(kinds)('the bundle of a %s is the golden one, byte for byte', (kind) => {
  const files = bundleOf(kind)
  for (const file of files) expect(readFileSync(new URL(`${kind}/${file.name}`, GOLDEN), 'utf8')).toBe(file.text)
  const golden = readdirSync(new URL(kind, GOLDEN), { recursive: true, withFileTypes: true })
  expect(golden.filter((entry) => entry.isFile()).length).toBe(files.length)
})

test.each(kinds)('tar and sha256sum take the bundle of a %s without a word', (kind) => {
  const directory = mkdtempSync(join(scratch, 'tar-'))
  const path = join(directory, 'bundle.tar')
  writeFileSync(path, bundleTar(bundleOf(kind)))
  const listed = execFileSync('tar', ['-tf', path], { encoding: 'utf8' }).trim().split('\n')
  expect([listed[0], listed.at(-1)]).toEqual(['meta', 'SHA256SUMS'])
  expect(execFileSync('tar', ['-xf', path, '-C', directory], { encoding: 'utf8', stdio: 'pipe' })).toBe('')
  execFileSync('sha256sum', ['--strict', '--quiet', '-c', 'SHA256SUMS'], { cwd: directory, stdio: 'pipe' })
})

test.each(kinds)('nft takes the firewall of a %s, twice in a row', (kind) => {
  const path = join(scratch, `${kind}.nft`)
  writeFileSync(path, bundleOf(kind).find((file) => file.name === 'firewall.nft')?.text ?? '')
  const script = 'nft -c -f "$1" && nft -f "$1" && nft -f "$1" && nft list table inet spanwire'
  const listed = execFileSync('unshare', ['-n', 'sh', '-ec', script, 'sh', path], { encoding: 'utf8', stdio: 'pipe' })
  expect(listed).toContain('maxseg size set rt mtu')
  const drops = ['gateway', 'trial', 'paths-gateway', 'paths-router']
  expect(listed.includes('drop')).toBe(drops.includes(kind))
})

test('nft takes what is on trial too, and it is not what holds', () => {
  const text = (name: string) => bundleOf('trial').find((file) => file.name === name)?.text ?? ''
  const path = join(scratch, 'on-trial.nft')
  writeFileSync(path, text('policy/trial.nft'))
  execFileSync('unshare', ['-n', 'sh', '-ec', 'nft -c -f "$1" && nft -f "$1"', 'sh', path], { stdio: 'pipe' })
  expect(text('policy/trial.nft')).toContain('elements = { 10.77.0.1 }')
  expect(text('firewall.nft')).toContain('elements = { 10.77.0.1-10.77.0.3 }')
  expect(text('policy/state')).toBe('confirmed 7\ntrial 018f3c1e-0000-7000-8000-0000000000d4 8 75\n')
})
