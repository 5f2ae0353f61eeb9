import { expect, test } from 'vitest'
import {
  compareK3sVersions,
  formatK3sVersion,
  knownFaults,
  parseK3sVersion,
  skewProblem,
  upgradeProblem,
} from './version.ts'

const of = (text: string) => {
  const parsed = parseK3sVersion(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}

test.each(['v1.33.4+k3s1', 'v1.30.0+k3s2', 'v1.36.2-rc2+k3s1'])('%s is read and written back', (text) =>
  expect(formatK3sVersion(of(text))).toBe(text),
)

test('a build of a commit is read, and has no name to ask for', () => {
  expect(of('v1.36.2+k3s-01b6f04a')).toEqual({ minor: 36, patch: 2, candidate: null, build: null })
  expect(formatK3sVersion(of('v1.36.2+k3s-01b6f04a'))).toBe(null)
})

test.each([
  '',
  '1.33.4',
  'v1.33.4',
  'v1.33+k3s1',
  'v1.033.4+k3s1',
  'v2.1.0+k3s1',
  'v1.33.4+k3s1\n',
  'v1.33.4+rke2r1',
  'v1.33.4+k3s0',
  '$(reboot)',
])('%j is no release of k3s', (text) =>
  expect(parseK3sVersion(text)).toMatchObject({ ok: false, error: { kind: 'bad-version' } }),
)

test('releases are ordered by number, candidates before their release', () => {
  const sorted = [
    'v1.30.12+k3s1',
    'v1.33.4-rc1+k3s1',
    'v1.33.4+k3s-0badcafe',
    'v1.33.4+k3s1',
    'v1.33.4+k3s2',
    'v1.33.10+k3s1',
    'v1.36.0+k3s1',
  ]
  const turned = [...sorted].reverse().sort((a, b) => compareK3sVersions(of(a), of(b)))
  expect(turned).toEqual(sorted)
  expect(compareK3sVersions(of('v1.33.4+k3s1'), of('v1.33.4+k3s1'))).toBe(0)
})

test.each([
  { it: 'the same version', role: 'agent', server: 'v1.33.4+k3s1', node: 'v1.33.1+k3s1', want: null },
  { it: 'three minors older', role: 'agent', server: 'v1.33.4+k3s1', node: 'v1.30.0+k3s1', want: null },
  {
    it: 'four minors older',
    role: 'agent',
    server: 'v1.34.4+k3s1',
    node: 'v1.30.0+k3s1',
    want: 'more than 3 minors behind',
  },
  { it: 'newer', role: 'agent', server: 'v1.33.4+k3s1', node: 'v1.34.0+k3s1', want: 'upgrade the servers first' },
  {
    it: 'one minor newer, in the middle of an upgrade',
    role: 'server',
    server: 'v1.33.4+k3s1',
    node: 'v1.34.0+k3s1',
    want: null,
  },
  { it: 'two minors newer', role: 'server', server: 'v1.33.4+k3s1', node: 'v1.35.0+k3s1', want: 'differ by one minor' },
  { it: 'a minor older', role: 'server', server: 'v1.33.4+k3s1', node: 'v1.32.9+k3s1', want: 'down-level server' },
] as const)('an $role that is $it: $want', ({ role, server, node, want }) => {
  const problem = skewProblem(of(server), of(node), role)
  if (want === null) expect(problem).toBe(null)
  else expect(problem).toContain(want)
})

test.each([
  { from: 'v1.33.4+k3s1', to: 'v1.33.9+k3s1', want: null },
  { from: 'v1.33.4+k3s1', to: 'v1.34.0+k3s1', want: null },
  { from: 'v1.33.4+k3s1', to: 'v1.35.0+k3s1', want: 'newest 1.34 first' },
  { from: 'v1.33.4+k3s1', to: 'v1.33.3+k3s1', want: 'older than' },
])('an upgrade from $from to $to: $want', ({ from, to, want }) => {
  const problem = upgradeProblem(of(from), of(to))
  if (want === null) expect(problem).toBe(null)
  else expect(problem).toContain(want)
})

test.each([
  { version: 'v1.32.11+k3s1', want: 'No 1.32 has the mend' },
  { version: 'v1.33.12+k3s1', want: 'v1.33.13+k3s1' },
  { version: 'v1.33.13+k3s1', want: null },
  { version: 'v1.36.1+k3s1', want: 'v1.36.2+k3s1' },
  { version: 'v1.36.2+k3s1', want: null },
])('$version and a tunnel that comes back: $want', ({ version, want }) => {
  const faults = knownFaults(of(version))
  if (want === null) expect(faults).toEqual([])
  else expect(faults).toMatchObject([{ id: 'flannel-loses-interface', fix: expect.stringContaining(want) }])
})
