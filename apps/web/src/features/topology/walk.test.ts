import { expect, test } from 'vitest'
import { buildScene } from './scene.ts'
import { testNode } from './test-graph.ts'
import { ahead, firstOf, following } from './walk.ts'

const names = ['gw', 'east', 'west', 'north', 'far-east']
const scene = buildScene(
  { nodes: names.map((id) => testNode(id, { role: id === 'gw' ? 'gateway' : 'member' })), edges: [] },
  new Map([
    ['gw', { x: 0, y: 0 }],
    ['east', { x: 100, y: 10 }],
    ['west', { x: -100, y: 0 }],
    ['north', { x: 5, y: -80 }],
    ['far-east', { x: 300, y: 0 }],
  ]),
)
const at = (id: string) => scene.byId.get(id) as NonNullable<ReturnType<typeof scene.byId.get>>

test.each([
  { from: 'gw', key: 'ArrowRight', to: 'east' },
  { from: 'gw', key: 'ArrowLeft', to: 'west' },
  { from: 'gw', key: 'ArrowUp', to: 'north' },
  { from: 'gw', key: 'ArrowDown', to: undefined },
  { from: 'east', key: 'ArrowRight', to: 'far-east' },
] as const)('$key goes from $from to $to', ({ from, key, to }) => expect(ahead(scene, at(from), key)?.node.id).toBe(to))

test('the keys begin at a gateway', () => expect(firstOf(scene)?.node.id).toBe('gw'))

test('Tab goes through all by name, gateways first, and leaves after the last', () => {
  const order: string[] = []
  for (let node = following(scene, undefined, 1); node; node = following(scene, node, 1)) order.push(node.node.id)
  expect(order).toEqual(['gw', 'east', 'far-east', 'north', 'west'])
  expect(following(scene, at('gw'), -1)).toBeUndefined()
})
