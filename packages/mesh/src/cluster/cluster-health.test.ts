import { expect, test } from 'vitest'
import { reportingStatus } from '../health/reporting-status.ts'
import type { TunnelStatus } from '../health/tunnel-status.ts'
import { type ClusterMember, certificateFact, clusterFact } from './cluster-health.ts'
import type { KubeNode } from './node-status.ts'

const now = Date.UTC(2026, 10, 21, 14, 5, 0)
const at = (hours: number, minutes: number) => Date.UTC(2026, 10, 21, hours, minutes, 0)
const tunnel = (status: TunnelStatus['status'], sinceAt: number | null = null): TunnelStatus => ({
  status,
  evidenceAt: now,
  sinceAt,
  handshakeAt: null,
  rttMs: null,
  direction: null,
  reason: '',
})
const kube = (over: Partial<KubeNode> = {}): KubeNode => ({
  name: 'home-1',
  ready: 'True',
  reason: 'KubeletReady',
  since: at(9, 12),
  heartbeatAt: now - 5000,
  leaseAt: now - 5000,
  internalIps: ['10.77.0.2'],
  podRanges: ['10.42.1.0/24'],
  version: 'v1.36.2+k3s1',
  isControlPlane: false,
  isUnschedulable: false,
  ...over,
})
const member = (over: Partial<ClusterMember> = {}): ClusterMember => ({
  name: 'home-1',
  role: 'agent',
  address4: '10.77.0.2',
  kube: kube(),
  kubeAt: now - 4000,
  reporting: reportingStatus(now - 3000, now),
  path: { gateway: 'gw-fra', tunnel: tunnel('up', at(9, 0)) },
  ...over,
})
const lost = kube({ ready: 'Unknown', reason: 'NodeStatusUnknown', since: at(14, 1) })
const silent = reportingStatus(now - 240_000, now)

test.each<{ it: string; over: Partial<ClusterMember>; status: string; text: string }>([
  { it: 'Ready', over: {}, status: 'good', text: 'Ready, seen 4 s ago' },
  { it: 'a gateway and Ready', over: { path: null }, status: 'good', text: 'Ready, seen 4 s ago' },
  { it: 'not listed', over: { kube: null, kubeAt: null }, status: 'none', text: 'not in Kubernetes yet' },
  {
    it: 'not spoken of',
    over: { kubeAt: now - 120_000 },
    status: 'unknown',
    text: 'not known: no server has spoken of it for 2 min; then it was Ready',
  },
  {
    it: 'cut off',
    over: { kube: lost, reporting: silent, path: { gateway: 'gw-fra', tunnel: tunnel('down', at(14, 1)) } },
    status: 'bad',
    text: 'NotReady because its only path, through gw-fra, stopped answering at 14:01 UTC',
  },
  {
    it: 'cut off, at a time nobody knows',
    over: { kube: lost, path: { gateway: 'gw-fra', tunnel: tunnel('down') } },
    status: 'bad',
    text: 'NotReady because its only path, through gw-fra, stopped answering',
  },
  {
    it: 'heard one way only',
    over: { kube: lost, path: { gateway: 'gw-fra', tunnel: tunnel('one-way', at(14, 0)) } },
    status: 'bad',
    text: 'NotReady because its only path, through gw-fra, carries one way only since 14:00 UTC',
  },
  {
    it: 'stopped',
    over: { kube: lost, reporting: silent },
    status: 'bad',
    text: 'NotReady since 14:01 UTC although its tunnel carries: home-1 has not reported for 4 min, so k3s there is likely stopped',
  },
  {
    it: 'gone without a trace',
    over: { kube: lost, reporting: silent, path: { gateway: 'gw-fra', tunnel: tunnel('stale') } },
    status: 'bad',
    text: 'NotReady since 14:01 UTC: home-1 has not reported for 4 min, and nothing is known of its tunnel',
  },
  {
    it: 'without a kubelet',
    over: { kube: lost },
    status: 'bad',
    text: 'NotReady since 14:01 UTC: its kubelet has stopped speaking to the API, although it reports and its tunnel carries; look at k3s there',
  },
  {
    it: 'ill by its own word',
    over: { kube: kube({ ready: 'False', reason: 'KubeletNotReady', since: at(14, 2) }) },
    status: 'bad',
    text: 'NotReady since 14:02 UTC: kubelet says KubeletNotReady, although it reports and its tunnel carries',
  },
  {
    it: 'not yet known to be gone',
    over: {
      reporting: reportingStatus(now - 50_000, now),
      path: { gateway: 'gw-fra', tunnel: tunnel('down', now - 20_000) },
    },
    status: 'warn',
    text: 'still Ready, but its only path, through gw-fra, stopped answering 20 s ago: Kubernetes notices after 40 s',
  },
  {
    it: 'at another address',
    over: { kube: kube({ internalIps: ['192.168.1.5'] }) },
    status: 'bad',
    text: 'Ready, but with INTERNAL-IP 192.168.1.5 instead of its overlay address 10.77.0.2: others reach it past the tunnel or not at all',
  },
  {
    it: 'cordoned',
    over: { kube: kube({ isUnschedulable: true }) },
    status: 'warn',
    text: 'Ready, cordoned: no new pods are put on it',
  },
  {
    it: 'a server that is none',
    over: { role: 'server' },
    status: 'warn',
    text: 'Ready, but Kubernetes does not call it a control plane',
  },
  {
    it: 'without a pod range',
    over: { kube: kube({ podRanges: [] }) },
    status: 'warn',
    text: 'Ready, seen 4 s ago, without a pod range yet',
  },
])('a node that is $it', ({ over, status, text }) =>
  expect(clusterFact(member(over), now)).toMatchObject({ status, text }),
)

test("the time of day is the reader's", () =>
  expect(
    clusterFact(
      member({ kube: lost, path: { gateway: 'gw-fra', tunnel: tunnel('down', at(14, 1)) } }),
      now,
      () => '15.01 Uhr',
    ).text,
  ).toBe('NotReady because its only path, through gw-fra, stopped answering at 15.01 Uhr'))

test.each([
  { days: 300, status: 'good', text: 'certificates end in 300 d' },
  { days: 59, status: 'warn', text: 'certificates end in 59 d; a restart of k3s renews them' },
  { days: 3, status: 'bad', text: 'certificates end in 3 d: restart k3s' },
  { days: -2, status: 'bad', text: 'certificates ended 2 d ago: restart k3s' },
])('certificates with $days days left are $status', ({ days, status, text }) => {
  const fact = certificateFact(now + days * 86_400_000, now)
  expect(fact.status).toBe(status)
  expect(fact.text).toContain(text)
})
