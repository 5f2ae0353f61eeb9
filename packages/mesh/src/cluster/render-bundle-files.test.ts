import { expect, test } from 'vitest'
import { configEntries } from './config-entries.ts'
import { full, GOLDEN_CASES, type GoldenCase, people, plain, walled } from './golden-clusters.ts'
import { findFlag, hasFlag, KNOWN_MINORS, takesFlag } from './k3s-flags.ts'
import { renderBundleFiles } from './render-bundle-files.ts'
import { renderAccess } from './render-manifests.ts'
import { parseK3sVersion } from './version.ts'

const filesOf = ({ cluster, node, place, secrets }: GoldenCase) =>
  renderBundleFiles(cluster, node, place, secrets, people)
const golden = (name: string) => {
  const found = GOLDEN_CASES.find((each) => each.name === name)
  if (!found) throw new Error(name)
  return found
}

test.each(GOLDEN_CASES)('the files of $name are the golden ones', async (each) => {
  for (const { name, text } of filesOf(each))
    await expect(text).toMatchFileSnapshot(`./golden/${each.name}/${name.replace('k3s/', '')}`)
})

test.each(GOLDEN_CASES)('k3s of its release knows every key of $name, in its role', ({ cluster, node, place }) => {
  const parsed = cluster.release.kind === 'version' ? parseK3sVersion(cluster.release.version) : null
  const version = parsed?.ok ? parsed.value : { minor: KNOWN_MINORS[0] ?? 0, patch: 0 }
  const entries = configEntries(cluster, node, place)
  expect(entries.length).toBeGreaterThan(3)
  for (const { key, value } of entries) {
    const flag = findFlag(key)
    expect(flag, key).not.toBe(null)
    if (!flag) continue
    expect(takesFlag(flag, place.role === 'agent' ? 'agent' : 'server'), key).toBe(true)
    expect(hasFlag(flag, version), key).toBe(true)
    const kind = Array.isArray(value) ? 'list' : typeof value
    expect(kind, key).toBe(
      { list: 'list', bool: 'boolean', int: 'number', string: 'string', duration: 'string' }[flag.kind],
    )
  }
})

test('every value that must be equal on all servers is said to each of them, and the same', () => {
  const critical = (name: string) =>
    configEntries(golden(name).cluster, golden(name).node, golden(name).place).filter(
      ({ key }) => !/^(node-|advertise|tls-san|server$|token|cluster-init|flannel-iface)/.test(key),
    )
  expect(critical('full-second-server')).toEqual(critical('full-first-server'))
  expect(critical('full-first-server').map(({ key }) => key)).toEqual(
    expect.arrayContaining([
      'cluster-cidr',
      'service-cidr',
      'cluster-dns',
      'cluster-domain',
      'flannel-backend',
      'flannel-external-ip',
      'flannel-ipv6-masq',
      'egress-selector-mode',
      'disable',
      'disable-cloud-controller',
      'disable-helm-controller',
      'disable-network-policy',
      'embedded-registry',
      'secrets-encryption',
      'secrets-encryption-provider',
    ]),
  )
})

test('an agent is told nothing that only servers know, and never the server token', () => {
  for (const name of ['plain-agent', 'full-agent', 'own-cni-agent']) {
    const keys = configEntries(golden(name).cluster, golden(name).node, golden(name).place).map(({ key }) => key)
    for (const key of keys) expect(findFlag(key)?.on, key).not.toBe('server')
  }
  expect(
    filesOf({
      ...golden('plain-agent'),
      cluster: { ...plain, datastore: 'external' },
      secrets: { datastoreEndpoint: 'postgres://secret', token: null },
    })
      .map(({ text }) => text)
      .join(''),
  ).not.toContain('postgres')
})

test('a secret stands in its own file of mode 0600, and nowhere else', () => {
  for (const each of [golden('walled-server'), golden('plain-agent'), golden('full-second-server')]) {
    const secret = each.secrets.token ?? 'db.example.org'
    const holders = filesOf(each).filter(({ text }) => text.includes(secret))
    expect(holders).toHaveLength(1)
    expect(holders[0]).toMatchObject({ mode: '0600', name: expect.stringMatching(/^k3s\/(token|secrets\.yaml)$/) })
  }
})

test.each(['a\nflannel-backend: "vxlan"', '\u2028', 'é', '\0', '\u0085', '\ud800'])(
  'a value like %j stops the files instead of becoming a line',
  (evil) => {
    const { node, place, secrets } = golden('full-first-server')
    for (const cluster of [
      { ...full, clusterDomain: evil },
      { ...full, tlsSans: [evil] },
      { ...full, extraServer: { 'kubelet-arg': [evil] } },
      { ...full, registryMirrors: [{ registry: evil, endpoints: ['https://a.example'] }] },
      { ...full, installer: { source: `/opt/${evil}`, sha256: null } },
    ]) {
      expect(() => renderBundleFiles(cluster, node, place, secrets, people)).toThrow('broken invariant')
    }
    expect(() => renderBundleFiles(full, { ...node, name: evil }, place, secrets, people)).toThrow('broken invariant')
    expect(() => renderBundleFiles(full, { ...node, labels: { a: evil } }, place, secrets, people)).toThrow(
      'broken invariant',
    )
  },
)

test.each(['Node', 'a: b', 'yes', '', 'a-', '# x', '*x'])('a key like %j stops the files', (key) => {
  const { node, place, secrets } = golden('full-first-server')
  expect(() => renderBundleFiles({ ...full, extraServer: { [key]: ['x'] } }, node, place, secrets, people)).toThrow(
    'is a key',
  )
})

test('quotes and backslashes stay in their value', () => {
  const { node, place, secrets } = golden('full-first-server')
  const config = renderBundleFiles(
    { ...full, extraServer: { 'kubelet-arg': ['a="b\\" # c: {d} %e &f'] } },
    node,
    place,
    secrets,
    people,
  ).find(({ name }) => name === 'k3s/config.yaml')
  expect(config?.text).toContain('  - "a=\\"b\\\\\\" # c: {d} %e &f"\n')
})

test('an error about a token does not print it', () => {
  const { node, place } = golden('plain-agent')
  const token = 'K10 secret secret'
  expect(() => renderBundleFiles(plain, node, place, { datastoreEndpoint: null, token }, [])).toThrow(
    /^((?!secret).)*$/,
  )
})

test('the first server has nobody to join, and everybody else has', () => {
  const { node, secrets } = golden('plain-server')
  expect(() =>
    renderBundleFiles(plain, node, { role: 'agent', interfaceName: 'span0', serverAddress: null }, secrets, people),
  ).toThrow('join a server')
  expect(() =>
    renderBundleFiles(
      plain,
      node,
      { role: 'server-first', interfaceName: 'span0', serverAddress: '10.77.0.1' },
      secrets,
      people,
    ),
  ).toThrow('join a server')
  expect(() => renderBundleFiles(walled, node, golden('walled-server').place, secrets, people)).toThrow(
    'external datastore',
  )
})

test('what a person may do is bound to the person: no group outlives the role of those in it', () => {
  const access = renderAccess(people)
  const bound = access
    .split('---\n')
    .map((text) => [
      /^ {2}name: (.*)$/gm.exec(text)?.[1],
      [...text.matchAll(/"spanwire:(.*)"/g)].map(([, id]) => id?.at(-1)),
    ])
  expect(bound).toEqual([
    ['spanwire-viewer', ['2', '3']],
    ['spanwire-operator', []],
    ['spanwire-admin', ['4']],
    ['spanwire-owner', ['1']],
  ])
  expect(access).toContain('name: edit\nsubjects: []\n')
  expect(renderAccess(people.toReversed())).toBe(access)
  expect(() => renderAccess([{ id: 'x"\n  - kind: Group', role: 'viewer' }])).toThrow('uuid')
})
