import type { World } from '@spanwire/mesh/policy/world'

/** As `policy.get` tells them. */
export type Names = {
  readonly nodes: readonly string[]
  readonly sites: readonly string[]
  readonly tags: readonly string[]
  readonly users: readonly string[]
  readonly clusters: readonly string[]
}

/** A network of names without addresses: enough to offer words. */
export function worldOfNames({ nodes, sites, tags, users, clusters }: Names): World {
  const bare = { address4: null, address6: null, site: null, owner: null, podRanges: [] }
  return {
    cidr4: '',
    cidr6: '',
    // The tags that are worn stand at one node: who wears them does not matter here.
    nodes: nodes.map((name, i) => ({ ...bare, id: name, name, tags: i === 0 ? tags : [] })),
    devices: [],
    members: users.map((email) => ({ email, role: 'viewer' })),
    sites,
    clusters: clusters.map((name) => ({
      ...{ name, nodes: [], podRanges: [], serviceRanges: [] },
      ...{ backend: 'host-gw', datastore: 'sqlite' },
    })),
    carrier: null,
  }
}
