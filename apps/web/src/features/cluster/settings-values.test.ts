import { defaultClusterSettings } from '@spanwire/mesh/cluster/cluster-settings'
import { expect, test } from 'vitest'
import type { Settings } from './cluster-detail.ts'
import { parseArguments, parseMirrors } from './line-lists.ts'
import { settingsOf, valuesOf } from './settings-values.ts'

const plain = defaultClusterSettings('home', { kind: 'channel', channel: 'stable' }) as Settings
const full: Settings = {
  ...plain,
  release: { kind: 'version', version: 'v1.33.4+k3s1' },
  podRange6: 'fd00:42::/56',
  serviceRange6: 'fd00:43::/112',
  clusterDns: '10.43.0.53',
  disable: ['traefik', 'metrics-server'],
  tlsSans: ['k3s.example.org', '203.0.113.7'],
  extraServer: { 'kube-apiserver-arg': ['v=4', 'audit-log-maxage=7'], debug: ['true'] },
  registryMirrors: [{ registry: 'docker.io', endpoints: ['https://a.example.org', 'https://b.example.org:5000'] }],
  installer: { source: '/opt/k3s/install.sh', sha256: 'a'.repeat(64) },
}

test.each([
  { it: 'what is proposed', settings: plain },
  { it: 'everything at once', settings: full },
])('the form gives back $it as it came', ({ settings }) => expect(settingsOf(valuesOf(settings))).toEqual(settings))

test('spaces around what is typed and empty lines mean nothing', () => {
  const values = { ...valuesOf(plain), name: ' home ', tlsSans: '\n k3s.example.org \n\n', clusterDns: ' ' }
  expect(settingsOf(values)).toEqual({ ...plain, tlsSans: ['k3s.example.org'] })
})

test('a component chosen in another order is no change', () =>
  expect(settingsOf({ ...valuesOf(full), disable: ['metrics-server', 'traefik'] })).toEqual(full))

test('arguments are taken as flags and as lines of a file; values may hold = and :', () =>
  expect(parseArguments('--kube-apiserver-arg=v=4\nkube-apiserver-arg: a:b\nlonely')).toEqual({
    'kube-apiserver-arg': ['v=4', 'a:b'],
    lonely: [],
  }))

test('a registry without a mirror stays to be complained about', () =>
  expect(parseMirrors('docker.io')).toEqual([{ registry: 'docker.io', endpoints: [] }]))
