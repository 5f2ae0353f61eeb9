import { expect, test } from 'vitest'
import { formatPrefix } from '../ip/prefix.ts'
import golden from './golden/preflight.txt?raw'
import { parsePreflight } from './parse-preflight.ts'

const facts = (text: string) => {
  const parsed = parsePreflight(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}

test('the golden facts are read, and one that is not known is passed over', () => {
  const read = facts(golden)
  expect(read).toMatchObject({
    arch: 'x86_64',
    init: 'systemd',
    cgroup: 'v2',
    wireguard: 'kernel',
    memoryKb: 4026532,
    hasDefaultRoute: true,
    pathMtu: 1500,
    clockSkewMs: -240,
    isClockSynced: true,
    k3sVersion: null,
    k3sRole: null,
    isK3sOurs: false,
    dockerVersion: '27.3.1',
    hasNodePassword: false,
    disks: [{ path: '/var/lib', freeKb: 31457280, totalKb: 52428800 }],
    configKeys: [{ file: '/etc/rancher/k3s/config.yaml', key: 'write-kubeconfig-mode' }],
  })
  expect(read.cgroupControllers).toContain('memory')
  expect(read.ranges.map(({ kind, prefix, name }) => `${kind} ${formatPrefix(prefix)} ${name}`)).toEqual([
    'route 192.168.1.0/24 eth0',
    'route 172.17.0.0/16 docker0',
    'route fe80::/64 eth0',
    'address 192.168.1.0/24 eth0',
    'address fe80::/64 eth0',
    'docker 172.17.0.0/16 bridge',
  ])
  expect(read.listeners).toHaveLength(3)
})

test('what was not said is null, not false', () =>
  expect(facts('')).toMatchObject({
    arch: null,
    wireguard: null,
    memoryKb: null,
    hasDefaultRoute: null,
    nmCloudSetup: null,
    modules: [],
    ranges: [],
  }))

test('what could not be found out is null too', () =>
  expect(facts('path-mtu unknown\nclock-skew-ms unknown\nclock-synced unknown\n')).toMatchObject({
    pathMtu: null,
    clockSkewMs: null,
    isClockSynced: null,
  }))

test.each([
  { it: 'a value that does not fit', text: 'memory-kb lots', line: 1 },
  { it: 'a fact said twice', text: 'arch x86_64\narch aarch64', line: 2 },
  { it: 'a range that is none', text: '\nroute 10.0.0.0/99 eth0', line: 2 },
  { it: 'an address that is none', text: 'listen tcp 1.2.3 80 x', line: 1 },
  { it: 'a port past the last', text: 'listen tcp 1.2.3.4 70000 x', line: 1 },
  { it: 'a line that is no fact', text: 'arch x86_64\n  moved in', line: 2 },
  { it: 'a carriage return', text: 'arch x86_64\r', line: 1 },
  { it: 'a word for another', text: 'wireguard yes', line: 1 },
])('$it refuses the whole and names the line', ({ text, line }) =>
  expect(parsePreflight(text)).toMatchObject({
    ok: false,
    error: { kind: 'malformed', message: expect.stringContaining(`line ${line} `) },
  }),
)

test.each(['x'.repeat(300_000), 'a b\n'.repeat(5000)])('too much is refused', (text) =>
  expect(parsePreflight(text).ok).toBe(false),
)

test.each(['__proto__ x', 'constructor x', 'toString x'])('%j changes nothing', (text) => {
  const parsed = parsePreflight(text)
  expect(parsed.ok ? parsed.value : facts('')).toEqual(facts(''))
})
