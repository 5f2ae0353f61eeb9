import { expect, test } from 'vitest'
import { findFlag, hasFlag, K3S_FLAGS, KNOWN_MINORS, sinceText, takesFlag } from './k3s-flags.ts'

const flag = (name: string) => {
  const found = findFlag(name)
  if (!found) throw new Error(`no flag ${name}`)
  return found
}

test('a flag stands in the table once, in the spelling of a key, with its source', () => {
  expect(new Set(K3S_FLAGS.map(({ name }) => name)).size).toBe(K3S_FLAGS.length)
  for (const { name, source } of K3S_FLAGS) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(source).toMatch(/^https:\/\/github\.com\/k3s-io\/k3s\/(blob|pull)\//)
  }
})

test('the releases in which a flag came are in order and known here', () => {
  for (const { since } of K3S_FLAGS) {
    const minors = (since ?? []).map(([minor]) => minor)
    expect(minors).toEqual([...minors].sort((a, b) => a - b))
    for (const minor of minors) expect(KNOWN_MINORS).toContain(minor)
  }
})

test.each([
  { name: 'flannel-backend', role: 'server', want: true },
  { name: 'flannel-backend', role: 'agent', want: false },
  { name: 'flannel-iface', role: 'agent', want: true },
  { name: 'node-ip', role: 'server', want: true },
  { name: 'disable-apiserver-lb', role: 'server', want: false },
  { name: 'disable-apiserver-lb', role: 'agent', want: true },
] as const)('a $role takes $name: $want', ({ name, role, want }) => expect(takesFlag(flag(name), role)).toBe(want))

test.each([
  { name: 'secrets-encryption-provider', minor: 30, patch: 11, want: false },
  { name: 'secrets-encryption-provider', minor: 30, patch: 12, want: true },
  { name: 'secrets-encryption-provider', minor: 34, patch: 0, want: true },
  { name: 'etcd-s3-retention', minor: 30, patch: 14, want: false },
  { name: 'etcd-s3-retention', minor: 33, patch: 4, want: true },
  { name: 'helm-controller-arg', minor: 35, patch: 6, want: false },
  { name: 'helm-controller-arg', minor: 33, patch: 13, want: false },
  { name: 'cluster-cidr', minor: 30, patch: 0, want: true },
])('1.$minor.$patch has $name: $want', ({ name, want, ...version }) => expect(hasFlag(flag(name), version)).toBe(want))

test('of a channel nothing is known, so nothing is refused', () =>
  expect(hasFlag(flag('helm-controller-arg'), null)).toBe(true))

test.each(['no-flannel', 'no-deploy', 'cluster-secret', 'wireguard', 'constructor', '__proto__'])(
  '%s is no flag',
  (name) => expect(findFlag(name)).toBe(null),
)

test('when a flag came can be said', () =>
  expect(sinceText(flag('secrets-encryption-provider'))).toBe('1.30.12, 1.31.8, 1.32.4 and 1.33.0'))
