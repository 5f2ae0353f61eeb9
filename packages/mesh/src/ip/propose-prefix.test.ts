import { expect, test } from 'vitest'
import { formatPrefix, overlaps, parsePrefix } from './prefix.ts'
import { proposePrefix } from './propose-prefix.ts'

test.each([
  { it: 'starts at 10.77.0.0', taken: [], length: 16, want: '10.77.0.0/16' },
  { it: 'steps past what is taken', taken: ['10.77.0.0/16'], length: 16, want: '10.78.0.0/16' },
  { it: 'steps past a part of it', taken: ['10.77.5.0/24', '10.78.0.0/15'], length: 16, want: '10.80.0.0/16' },
  { it: 'uses the rest of a half-taken range', taken: ['10.77.0.0/24'], length: 24, want: '10.77.1.0/24' },
  { it: 'steps over podman and kubeadm', taken: ['10.64.0.0/12', '10.80.0.0/13'], length: 16, want: '10.89.0.0/16' },
  { it: 'goes round to the low end', taken: ['10.64.0.0/10'], length: 16, want: '10.2.0.0/16' },
  { it: 'is aligned to its own length', taken: [], length: 12, want: '10.64.0.0/12' },
  { it: 'ignores IPv6 ranges', taken: ['::/0'], length: 16, want: '10.77.0.0/16' },
])('a proposal $it', ({ taken, length, want }) => {
  const proposed = proposePrefix(taken.map(prefix), length)
  expect(proposed.ok && formatPrefix(proposed.value)).toBe(want)
})

test('forty proposals in a row never meet each other nor the ranges that homes, clouds and Kubernetes use', () => {
  const common = [
    '10.0.0.0/16',
    '10.1.0.0/16',
    '10.42.0.0/16',
    '10.43.0.0/16',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '100.64.0.0/10',
  ].map(prefix)
  const taken = [...common]
  for (let i = 0; i < 40; i++) {
    const proposed = proposePrefix(taken, 16)
    if (!proposed.ok) throw new Error(proposed.error.message)
    expect(taken.some((range) => overlaps(range, proposed.value))).toBe(false)
    taken.push(proposed.value)
  }
})

test('a full space is said so, quickly, even for small ranges', () => {
  const low = Array.from(
    { length: 4096 },
    (_, i) => ({ family: 4, base: 0x0a00_0000n + (BigInt(i) << 12n), length: 20 }) as const,
  )
  expect(proposePrefix(low, 29)).toMatchObject({ ok: false, error: { kind: 'no-room' } })
})

test.each([8, 30, 16.5, Number.NaN])('a length of %s is refused', (length) => {
  expect(proposePrefix([], length)).toMatchObject({ ok: false, error: { kind: 'bad-length' } })
})

function prefix(text: string) {
  const parsed = parsePrefix(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}
