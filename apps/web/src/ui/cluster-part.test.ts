import { expect, test } from 'vitest'
import { NO_PART, partFaults, partInput, partOf } from './cluster-part.ts'

const agent = { ...NO_PART, role: 'agent' as const }

test('a machine in the network only has nothing that could be wrong', () =>
  expect(partFaults({ ...NO_PART, kubernetesName: 'Not A Name', taints: ['?'] })).toEqual({}))

test.each([
  { it: 'a name that Kubernetes refuses', part: { kubernetesName: 'Home_1' }, field: 'kubernetesName' },
  { it: "a label of Kubernetes' own", part: { labels: { 'node-role.kubernetes.io/x': 'y' } }, field: 'labels' },
  { it: 'a taint without an effect', part: { taints: ['edge=true'] }, field: 'taints' },
])('$it is said at its field', ({ part, field }) =>
  expect(Object.keys(partFaults({ ...agent, ...part }))).toEqual([field]),
)

test('without a name of its own a node has its name in Kubernetes too', () => {
  expect(partInput(agent, 'home-1')).toEqual({ role: 'agent', kubernetesName: 'home-1', labels: {}, taints: [] })
  const row = { role: 'agent' as const, nodeName: 'home-1', kubernetesName: 'home-1', labels: {}, taints: [] }
  expect(partOf(row)).toEqual(agent)
  expect(partOf({ ...row, kubernetesName: 'k8s-1' }).kubernetesName).toBe('k8s-1')
})

test('the network only is told as that alone', () =>
  expect(partInput({ ...NO_PART, labels: { a: 'b' } }, 'home-1')).toEqual({ role: null }))
