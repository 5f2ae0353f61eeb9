import { expect, test } from 'vitest'
import { failureFix } from '../enrolment/failure-fix.ts'
import type { StepReport } from '../enrolment/ledger-lines.ts'
import { CLUSTER_FAILURES, clusterFailureFix } from './cluster-failure-fix.ts'
import { type ClusterLedgerInput, clusterLedger } from './cluster-ledger.ts'
import { CLUSTER_STEP_NAMES, CLUSTER_STEPS, type ClusterStep, clusterStepsOf } from './cluster-steps.ts'
import { k3sLogCode } from './k3s-log-code.ts'
import { PREFLIGHT_CODES } from './preflight-codes.ts'

const at = (seconds: number) => 1_790_000_000_000 + seconds * 1000
const says = (
  step: ClusterStep,
  state: StepReport['state'],
  seconds: number,
  code?: string,
): StepReport<ClusterStep> => ({ step, state, at: at(seconds), code: code ?? null, evidence: `${step} ${state}` })
const input = (over: Partial<ClusterLedgerInput> = {}): ClusterLedgerInput => ({
  role: 'agent',
  backend: 'host-gw',
  nodeSays: [],
  confirmations: {},
  tunnelAt: at(0),
  waiting: null,
  held: null,
  ...over,
})
const states = (over: Partial<ClusterLedgerInput>, seconds: number) =>
  clusterLedger(input(over), at(seconds)).map(({ state }) => state)
const rest = (count: number) => Array(count).fill('waiting')

test('the first server installs before its API can answer, and nobody waits for pods of another CNI', () => {
  expect(clusterStepsOf('server-first', 'host-gw').slice(0, 2)).toEqual(['k3s-installed', 'api-reachable'])
  expect(clusterStepsOf('agent', 'vxlan')).toEqual(CLUSTER_STEP_NAMES)
  expect(clusterStepsOf('agent', 'none')).not.toContain('pod-range')
})

test('a node that waits for the first server says so, and no clock runs', () => {
  const [first, ...others] = clusterLedger(input({ waiting: 'waiting for server-1, last heard 14 s ago' }), at(5000))
  expect(first).toMatchObject({
    step: 'api-reachable',
    state: 'waiting',
    evidence: 'waiting for server-1, last heard 14 s ago',
    fix: null,
  })
  expect(others.map(({ state }) => state)).toEqual(rest(5))
})

test('the clock starts with the end of the tunnel', () => {
  expect(states({}, 89)[0]).toBe('waiting')
  expect(states({}, 91)[0]).toBe('timed-out')
  expect(states({ tunnelAt: null }, 91)[0]).toBe('waiting')
})

test('what the node says is green only when the other end saw it', () => {
  const nodeSays = [
    says('api-reachable', 'done', 2),
    says('k3s-installed', 'done', 60),
    says('registered', 'running', 61),
  ]
  expect(states({ nodeSays }, 70)).toEqual(['node-says', 'node-says', 'running', ...rest(3)])
  expect(
    states({ nodeSays, confirmations: { registered: { at: at(80), evidence: 'server-1 lists it' } } }, 81),
  ).toEqual(['green', 'green', 'green', ...rest(3)])
})

test('a pod that answered proves all that came before, but not that the node is Ready', () => {
  const lines = clusterLedger(
    input({ confirmations: { 'pod-answered': { at: at(200), evidence: 'server-1 had an answer in 12 ms' } } }),
    at(201),
  )
  expect(lines.map(({ step, state }) => `${step} ${state}`)).toEqual([
    'api-reachable green',
    'k3s-installed green',
    'registered green',
    'ready waiting',
    'pod-range green',
    'pod-answered green',
  ])
  expect(lines[0]?.evidence).toBe('proved by a later step: server-1 had an answer in 12 ms')
})

test('a failure names its fix, and a second paste goes on', () => {
  const failed = says('k3s-installed', 'failed', 10, 'installer-hash')
  const lines = clusterLedger(input({ nodeSays: [says('api-reachable', 'done', 2), failed] }), at(11))
  expect(lines[1]).toMatchObject({ state: 'failed', fix: CLUSTER_FAILURES['installer-hash'] })
  expect(
    states({ nodeSays: [says('api-reachable', 'done', 2), failed, says('k3s-installed', 'running', 90)] }, 91)[1],
  ).toBe('running')
})

test('a node that never becomes Ready times out with a name and a fix', () => {
  const lines = clusterLedger(input({ confirmations: { registered: { at: at(100), evidence: 'listed' } } }), at(701))
  expect(lines[3]).toMatchObject({
    step: 'ready',
    state: 'timed-out',
    evidence: CLUSTER_STEPS.ready.timeout,
    fix: CLUSTER_STEPS.ready.timeoutFix,
  })
})

test('every step names who confirms it, when, and what a time-out means', () => {
  for (const rule of Object.values(CLUSTER_STEPS)) {
    expect(rule.timeout).toMatch(/within \d+ (s|minutes)/)
    expect(rule.timeoutFix).toMatch(/\.$/)
  }
})

test('codes of the preflight and of the network keep their fixes', () => {
  expect(clusterFailureFix('range-overlap')).toBe(PREFLIGHT_CODES['range-overlap'].fix)
  expect(clusterFailureFix('unreachable')).toBe(failureFix('unreachable'))
  expect(clusterFailureFix('constructor')).toBe(failureFix(null))
})

test.each([
  {
    log: 'level=error msg="Node password rejected, duplicate hostname or contents of \'/etc/rancher/node/password\' may not match server node-passwd entry"',
    want: 'node-password',
  },
  {
    log: 'level=fatal msg="starting kubernetes: preparing server: critical configuration value mismatch between servers: ClusterIPRange"',
    want: 'config-mismatch',
  },
  { log: 'token CA hash does not match the Cluster CA certificate hash: a != b', want: 'ca-mismatch' },
  { log: 'https://10.77.0.1:6443/v1-k3s/client-kubelet.crt: 401 Unauthorized', want: 'token-wrong' },
  {
    log: 'failed to validate nodeIP: node IP: "10.77.0.3" not found in the host\'s network interfaces',
    want: 'node-address-missing',
  },
  { log: 'flannel exited: failed to find the interface: unable to find interface span0', want: 'node-address-missing' },
  { log: 'write /var/lib/rancher/k3s/data/x: no space left on device', want: 'disk-full' },
  { log: 'listen tcp 0.0.0.0:10250: bind: address already in use', want: 'port-in-use' },
  { log: 'etcdserver: too many learner members in cluster', want: 'etcd-busy' },
  { log: 'incompatible down-level server detected; servers must be upgraded to at least v1.33', want: 'version-skew' },
  {
    log: 'Failed to get CA certs: Get "https://10.77.0.1:6443/cacerts": dial tcp 10.77.0.1:6443: i/o timeout',
    want: 'api-unreachable',
  },
  { log: 'invalid service-cidr 10.43.0.0/99', want: 'config-refused' },
  { log: 'Starting k3s v1.36.2+k3s1', want: null },
])('the log "$log" means $want', ({ log, want }) =>
  expect(k3sLogCode(`Started.\n${log}\nmain process exited, code=exited\n`)).toBe(want),
)

test('the last word of a log counts, however long it is', () =>
  expect(k3sLogCode(`${'x'.repeat(500_000)}\n401 Unauthorized\n...\nno space left on device\n`)).toBe('disk-full'))

test('what was found on the machine stands in the first line with its fix, and no clock runs', () => {
  const held = {
    code: 'port-in-use' as const,
    sentence: 'caddy listens on TCP 6443',
    evidence: 'listen tcp :: 6443 caddy',
    fix: 'Stop that program.',
  }
  const [first, ...others] = clusterLedger(input({ held }), at(5000))
  expect(first).toMatchObject({
    state: 'failed',
    evidence: 'caddy listens on TCP 6443\nport-in-use: listen tcp :: 6443 caddy',
    fix: 'Stop that program.',
  })
  expect(others.every(({ state }) => state === 'waiting')).toBe(true)
})
