import type { World } from '../world.ts'

/**
 * A small network that examples and tests speak of: a gateway that is a k3s server, an agent with pods and a database, a machine of Ann's,
 * and two laptops.
 */
export const sampleWorld: World = {
  cidr4: '10.77.0.0/16',
  cidr6: 'fd12:3456:789a::/48',
  nodes: [
    node(1, 'gw-1', { site: 'fra', podRanges: ['10.42.1.0/24', 'fd00:42:0:1::/64'] }),
    node(2, 'home-1', { site: 'berlin', tags: ['db'], podRanges: ['10.42.2.0/24', 'fd00:42:0:2::/64'] }),
    node(3, 'home-2', { site: 'berlin', owner: 'ann@example.com' }),
    node(4, 'build-1', { site: 'fra', tags: ['ci'] }),
  ],
  devices: [device(100, 'laptop', 'ann@example.com'), device(101, 'phone', 'bob@example.com')],
  members: [
    { email: 'ann@example.com', role: 'owner' },
    { email: 'bob@example.com', role: 'viewer' },
  ],
  sites: ['berlin', 'fra'],
  clusters: [
    {
      name: 'prod',
      nodes: [
        { id: 'node-1', role: 'server' },
        { id: 'node-2', role: 'agent' },
      ],
      podRanges: ['10.42.0.0/16', 'fd00:42::/56'],
      serviceRanges: ['10.43.0.0/16'],
      backend: 'host-gw',
      datastore: 'sqlite',
    },
  ],
  carrier: 'node-1',
}

export const SAMPLE_POLICY = `{
  // Who is who.
  "groups": { "group:ops": ["ann@example.com"] },
  "tagOwners": { "tag:db": ["group:ops"], "tag:ci": ["group:ops"] },
  "hosts": { "lan": "192.168.7.0/24", "home-range": "10.77.0.2-10.77.0.3" },
  "acls": [
    // What k3s needs.
    { "action": "accept", "src": ["cluster:prod", "pods:prod"], "dst": ["pods:prod:*"] },
    { "action": "accept", "proto": "tcp", "src": ["cluster:prod", "pods:prod"], "dst": ["servers:prod:6443", "cluster:prod:10250"] },
    // People.
    { "action": "accept", "src": ["group:ops"], "dst": ["*:22", "tag:db:5432,6000-6010", "home-range:9100", "lan:80"] },
    { "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self:*"] },
    { "action": "accept", "proto": "gre", "src": ["tag:ci"], "dst": ["tag:db:*"] },
    { "action": "accept", "proto": "udp", "src": ["tag:ci"], "dst": ["[fd12:3456:789a::2]:5353"] },
  ],
  "tests": [
    { "src": "ann@example.com", "accept": ["tag:db:5432"], "deny": ["tag:ci:5432"] },
    { "src": "bob@example.com", "deny": ["tag:db:5432"] },
  ],
}
`

function node(number: number, name: string, more: Partial<World['nodes'][number]>): World['nodes'][number] {
  const addresses = { address4: `10.77.0.${number}`, address6: `fd12:3456:789a::${number}` }
  return { id: `node-${number}`, name, ...addresses, site: null, tags: [], owner: null, podRanges: [], ...more }
}

function device(number: number, name: string, owner: string): World['devices'][number] {
  return {
    id: `device-${number}`,
    name,
    owner,
    address4: `10.77.0.${number}`,
    address6: `fd12:3456:789a::${number.toString(16)}`,
  }
}
