import { expect, test } from 'vitest'
import { type ClusterNode, checkClusterNode, siteLabel } from './cluster-node.ts'

const node = { labels: {}, taints: [], zone: null, region: null }

test('a node with good labels and taints has no findings', () =>
  expect(
    checkClusterNode({
      labels: { disk: 'ssd', 'node.kubernetes.io/class': 'edge' },
      taints: ['edge=true:NoSchedule', 'slow:NoExecute', 'example.org/x=:PreferNoSchedule'],
      zone: 'home',
      region: 'eu',
    }),
  ).toEqual([]))

test.each<{ it: string; over: Partial<ClusterNode>; want: string }>([
  {
    it: 'a label that kubelet refuses',
    over: { labels: { 'node-role.kubernetes.io/worker': 'true' } },
    want: 'kubelet would not start',
  },
  {
    it: 'a zone beside its site',
    over: { labels: { 'topology.kubernetes.io/zone': 'x' } },
    want: "comes from the node's site",
  },
  { it: 'a bad label', over: { labels: { 'a b': 'x' } }, want: 'not a label key' },
  { it: 'a taint without effect', over: { taints: ['edge=true'] }, want: 'is no taint' },
  { it: 'a taint with another effect', over: { taints: ['edge=true:Never'] }, want: 'is no taint' },
  { it: 'a taint with a line break', over: { taints: ['edge=a\nb:NoSchedule'] }, want: 'is no taint' },
  { it: 'a zone that is no label', over: { zone: 'Køge, rack 2' }, want: 'not a label value' },
])('$it is refused: $want', ({ over, want }) =>
  expect(checkClusterNode({ ...node, ...over })).toMatchObject([
    { severity: 'refuse', text: expect.stringContaining(want) },
  ]),
)

test.each([
  { site: 'Køge, rack 2', want: 'Koge-rack-2' },
  { site: 'Zürich', want: 'Zurich' },
  { site: '東京', want: null },
  { site: '-- a --', want: 'a' },
  { site: `${'x'.repeat(62)}, y`, want: 'x'.repeat(62) },
])('the site $site is the zone $want', ({ site, want }) => {
  expect(siteLabel(site)).toBe(want)
  expect(checkClusterNode({ ...node, zone: siteLabel(site) })).toEqual([])
})
