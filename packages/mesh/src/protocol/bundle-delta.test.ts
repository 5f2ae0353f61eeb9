import { expect, test } from 'vitest'
import { nodeView } from '../paths/node-view.ts'
import { type NetworkPlan, plan } from '../paths/plan.ts'
import { randomRows } from '../paths/testing/random-rows.ts'
import { stepOf } from '../paths/testing/step-of.ts'
import { randomOf } from '../policy/testing/random.ts'
import { applyDelta, bundleDelta } from './bundle-delta.ts'
import { editLines } from './edit-lines.ts'
import { goldenServer } from './golden-network.ts'
import { goldenPart } from './golden-paths.ts'
import { type BundleFile, renderBundle } from './render-bundle.ts'

test('a delta put to the old state is the new full state, for random sequences of changes', {
  timeout: 120_000,
}, () => {
  let [deltas, bytes, whole] = [0, 0, 0]
  for (let seed = 1; seed <= 12; seed++) {
    const random = randomOf(41_000 + seed)
    let rows = randomRows(random)
    let before = plan(rows)
    for (let step = 1; step <= 8; step++) {
      rows = stepOf(random, rows, step)
      const after = plan(rows, before)
      for (const { id } of rows.nodes) {
        const [old, now] = [filesOf(before, id, step), filesOf(after, id, step + 1)]
        if (!old || !now) continue
        const delta = bundleDelta(old, now, BASE, hash)
        if (delta === null) continue
        expect(applyDelta(old, delta, hash)).toEqual(now)
        deltas++
        bytes += delta.length
        whole += textsOf(now)
      }
      before = after
    }
  }
  expect(deltas).toBeGreaterThan(400)
  expect(bytes).toBeLessThan(whole / 2)
})

test('a peer more among thousands is a few lines, whatever stands around it', () => {
  const key = (i: number) => String(i).padStart(5, '0')
  const section = (i: number) => `[Peer]\nPublicKey = ${key(i)}\nAllowedIPs = ${key(i)}\nPersistentKeepalive = 25\n`
  const text = (keys: number[]) => keys.map(section).join('\n')
  const all = Array.from({ length: 5000 }, (_, i) => i * 2)
  expect(editLines(text(all), text([...all, 4001].sort((a, b) => a - b)))).toEqual([
    'keep 10006',
    '+PublicKey = 04001',
    '+AllowedIPs = 04001',
    '+PersistentKeepalive = 25',
    '+',
    '+[Peer]',
    'keep 14993',
  ])
  expect(editLines(text(all), text(all.filter((i) => i !== 4000)))).toEqual(['keep 10001', 'drop 5', 'keep 14993'])
})

test.each([
  ['', ''],
  ['', 'a\n'],
  ['a\n', ''],
  ['a\na\na\n', 'a\n'],
  ['a\nb\nc\n', 'c\nb\na\n'],
  ['\n\nx\n', 'x\n\n\n'],
])('%j becomes %j', (from, to) => {
  expect(put(from, editLines(from, to))).toBe(to)
})

test('texts of few words, which have many lines alike, become each other', () => {
  const random = randomOf(5)
  const text = () => Array.from({ length: random.below(30) }, () => `${'abc'[random.below(3)]}\n`).join('')
  for (let i = 0; i < 2000; i++) {
    const [from, to] = [text(), text()]
    expect(put(from, editLines(from, to))).toBe(to)
  }
})

test('a delta of other files does not pass', () => {
  const [network, id] = joined()
  const old = filesOf(network, id, 1) ?? []
  const now = old.map((file) => (file.name === 'routes' ? { ...file, text: 'span0 10.9.0.0/16\n' } : file))
  const summed = [...now.slice(0, -1), { name: 'SHA256SUMS', text: sumsOf(now.slice(0, -1)) }]
  const delta = bundleDelta(old, summed, BASE, hash) ?? ''
  expect(applyDelta(old, delta, hash)).toEqual(summed)
  for (const name of ['SHA256SUMS', 'names', 'peers/span0']) {
    const other = old.map((file) => (file.name === name ? { ...file, text: `x\n${file.text}` } : file))
    expect(() => applyDelta(other, delta, hash)).toThrow('broken invariant')
  }
})

test('a file that is another and has no end of its last line is not told in lines', () => {
  const [network, id] = joined()
  const old = filesOf(network, id, 1) ?? []
  const now = [...old.slice(0, -1), { name: 'k3s/token', text: 'K10abc' }, ...old.slice(-1)]
  expect(bundleDelta(old, now, BASE, hash)).toBe(null)
  expect(bundleDelta(now, now, BASE, hash)).not.toBe(null)
})

test('who would be told no less gets the whole', () => {
  const [network, id] = joined()
  const now = filesOf(network, id, 1) ?? []
  expect(bundleDelta([], now, BASE, hash)).toBe(null)
})

const BASE = 'b'.repeat(64)

function joined(): [NetworkPlan, string] {
  const rows = randomRows(randomOf(41_007))
  const network = plan(rows)
  const id = rows.nodes.find((node) => nodeView(network, node.id))?.id
  if (!id) throw new Error('this seed has nobody who joined')
  return [network, id]
}

function filesOf(network: NetworkPlan, id: string, revision: number): BundleFile[] | null {
  const view = nodeView(network, id)
  return view && renderBundle(view, goldenServer, { epoch: 1, revision, tombstone: null }, hash, goldenPart)
}

const sumsOf = (files: readonly BundleFile[]) => files.map(({ name, text }) => `${hash(text)}  ${name}\n`).join('')
const textsOf = (files: readonly BundleFile[]) => files.reduce((size, { text }) => size + text.length, 0)

/** Of the length of a SHA-256, and as good for texts of a test. */
function hash(text: string): string {
  let [a, b] = [0x811c9dc5, 5381]
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193) >>> 0
    b = (Math.imul(b, 33) + text.charCodeAt(i)) >>> 0
  }
  return `${a.toString(16).padStart(8, '0')}${b.toString(16).padStart(8, '0')}`.repeat(4)
}

function put(from: string, edits: readonly string[]): string {
  const old = from.split(/(?<=\n)/)
  return edits
    .map((line) => {
      if (line.startsWith('+')) return `${line.slice(1)}\n`
      const lines = old.splice(0, Number(line.slice(5)))
      return line.startsWith('keep') ? lines.join('') : ''
    })
    .join('')
}
