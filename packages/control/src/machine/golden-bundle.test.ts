/** The golden bundles, which the shell tests read too, held against the renderer, real hashes, and the real nft and wg. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeView } from '@spanwire/mesh/paths/node-view'
import { GOLDEN_IDS, goldenPlan, goldenServer } from '@spanwire/mesh/protocol/golden-network'
import { renderBundle } from '@spanwire/mesh/protocol/render-bundle'
import { afterAll, expect, test } from 'vitest'
import { bundleTar } from './bundle-tar.ts'
import { sha256hex } from './sha256.ts'

const GOLDEN = new URL('../../../mesh/src/protocol/golden/', import.meta.url)
const scratch = mkdtempSync(join(tmpdir(), 'spanwire-golden-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const kinds = Object.keys(GOLDEN_IDS) as (keyof typeof GOLDEN_IDS)[]

function bundleOf(kind: keyof typeof GOLDEN_IDS) {
  const view = nodeView(goldenPlan, GOLDEN_IDS[kind])
  if (!view) throw new Error(`${kind} is not in the golden network`)
  const tombstone = kind === 'member' ? `swt_${'Q'.repeat(43)}` : null
  return renderBundle(view, goldenServer, { epoch: 1, revision: 13, tombstone }, sha256hex)
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
  expect(listed.includes('drop')).toBe(kind === 'gateway')
})
