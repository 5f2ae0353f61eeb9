import type { Policy } from './policy.ts'
import { AUTOGROUPS } from './selector.ts'
import type { World } from './world.ts'

/** Every word that a rule may use in this network, for whoever writes one: in the order of a list to choose from. */
export function wordsOf(
  policy: Pick<Policy, 'groups' | 'tagOwners' | 'hosts'>,
  world: World,
  role: 'src' | 'dst',
): readonly string[] {
  const sorted = (names: Iterable<string>, word = '') => [...new Set(names)].sort().map((name) => `${word}${name}`)
  const clusters = world.clusters.map(({ name }) => name)
  return [
    '*',
    ...sorted(policy.groups.keys(), 'group:'),
    ...sorted([...policy.tagOwners.keys(), ...world.nodes.flatMap(({ tags }) => tags)], 'tag:'),
    ...sorted(world.members.map(({ email }) => email.toLowerCase())),
    ...sorted(
      world.nodes.map(({ name }) => name),
      'node:',
    ),
    ...sorted(world.sites, 'site:'),
    ...(['cluster:', 'servers:', 'pods:'] as const).flatMap((word) => sorted(clusters, word)),
    ...sorted(policy.hosts.keys()),
    ...AUTOGROUPS.filter((name) => role === 'dst' || name !== 'self').map((name) => `autogroup:${name}`),
  ]
}
