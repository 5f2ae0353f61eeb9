import { expect, test } from 'vitest'
import { keptAccess } from './kept-access.ts'
import { planAccess } from './plan-access.ts'
import { readPolicy } from './read-policy.ts'
import { renderAccess } from './render-access.ts'
import { randomOf } from './testing/random.ts'
import { randomPolicy, randomWorld } from './testing/random-network.ts'
import { SAMPLE_POLICY, sampleWorld } from './testing/sample-network.ts'

test('nothing is written anew while nothing changed, and what changed is', () => {
  const { policy } = readPolicy(SAMPLE_POLICY)
  if (!policy) throw new Error('the sample is a policy')
  const first = planAccess(policy, sampleWorld)
  const texts = new Map(sampleWorld.nodes.map(({ id }) => [id, keptAccess(first, id, 'span0')]))
  for (const { id } of sampleWorld.nodes) expect(texts.get(id)).toBe(renderAccess(first, id, 'span0'))
  const changes = [
    sampleWorld.nodes.map((node, i) => (i === 1 ? { ...node, tags: ['db'] } : node)),
    sampleWorld.nodes.slice(0, -1),
    sampleWorld.nodes.map((node, i) => (i === 0 ? { ...node, address4: '10.77.0.77' } : node)),
    sampleWorld.nodes,
  ]
  let before = first
  for (const nodes of changes) {
    const world = { ...sampleWorld, nodes }
    before = planAccess(policy, world, before)
    for (const { id } of nodes)
      expect(keptAccess(before, id, 'span0')).toBe(renderAccess(planAccess(policy, world), id, 'span0'))
  }
})

test('on random networks and policies, change by change, it is what a fresh start writes', () => {
  const random = randomOf(11)
  for (let round = 0; round < 60; round++) {
    let world = randomWorld(random)
    const { policy } = readPolicy(JSON.stringify(randomPolicy(random, world)))
    if (!policy) continue
    let before = planAccess(policy, world)
    for (let change = 0; change < 4 && world.nodes.length > 0; change++) {
      for (const { id } of world.nodes)
        expect(keptAccess(before, id, 'span0')).toBe(renderAccess(planAccess(policy, world), id, 'span0'))
      const gone = random.below(world.nodes.length + 1)
      const carrier = random.below(2) === 0 ? null : (world.nodes[0]?.id ?? null)
      const gateways = random.chance(40) ? [random.one(world.nodes).id] : []
      world = { ...world, carrier, gateways, nodes: world.nodes.filter((_, i) => i !== gone) }
      before = planAccess(policy, world, before)
    }
  }
})
