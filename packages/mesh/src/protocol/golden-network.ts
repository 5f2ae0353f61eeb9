/** The network that the golden bundles are of: a gateway and two members, one of them paused. */
import { invariant } from '../invariant.ts'
import { type NetworkPlan, plan } from '../paths/plan.ts'
import { planAccess } from '../policy/plan-access.ts'
import { readPolicy } from '../policy/read-policy.ts'
import { renderAccess } from '../policy/render-access.ts'
import type { Extras, ServerFacts } from './render-bundle.ts'

export const GOLDEN_IDS = {
  gateway: '018f3c1e-0000-7000-8000-0000000000a1',
  member: '018f3c1e-0000-7000-8000-0000000000b2',
  paused: '018f3c1e-0000-7000-8000-0000000000c3',
}

export const goldenServer: ServerFacts = {
  script: { version: '0.1.0', sha256: '2a1f4e04c9d9a1d2a0aee2f2e3d3ef8f0d0a2f7d83a8d8bb1a7d9f4b6f0a6b11' },
  servers: [
    { url: 'https://spanwire.example:3000', pin: 'sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' },
    { url: 'https://other.example', pin: null },
  ],
}

export const goldenPlan: NetworkPlan = plan({
  id: '018f3c1e-0000-7000-8000-000000000001',
  name: 'home-lab',
  cidr4: '10.77.0.0/16',
  cidr6: 'fd12:3456:789a::/48',
  interfaceName: 'span0',
  listenPort: 51820,
  mtu: 1420,
  keepaliveSeconds: 25,
  nodes: [
    {
      id: GOLDEN_IDS.member,
      name: 'home-1',
      role: 'member',
      state: 'active',
      ordinal: 2,
      publicKey: '3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08=',
      endpoint: null,
    },
    {
      id: GOLDEN_IDS.paused,
      name: 'home-2',
      role: 'member',
      state: 'paused',
      ordinal: 3,
      publicKey: 'Q2hpbGRyZW4gb2YgdGhlIHNhbWUgbmV0d29yayEhISE=',
      endpoint: null,
    },
    {
      id: GOLDEN_IDS.gateway,
      name: 'gw-1',
      role: 'gateway',
      state: 'active',
      ordinal: 1,
      publicKey: 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=',
      endpoint: 'gw.example.org:51820',
    },
  ],
})

/** Of a member with a policy, and another version of it on trial. */
export const goldenTrial: Extras = {
  part: null,
  files: [],
  requests: [],
  access: policyOf('10.77.0.1-10.77.0.3'),
  policy: {
    part: {
      name: 'access',
      version: '0.1.0',
      sha256: '7d1a54127b222502f5b79b5fb0803061152a44f92b37e23c6527baf665d4da9a',
    },
    confirmed: 7,
    trial: {
      id: '018f3c1e-0000-7000-8000-0000000000d4',
      number: 8,
      seconds: 75,
      access: policyOf('10.77.0.1'),
    },
  },
}

/** ssh for some: short, and of the shape of what policy/render-access.ts writes. */
function policyOf(sources: string): string {
  const text = `{ "acls": [{ "action": "accept", "proto": "tcp", "src": ["${sources}"], "dst": ["node:home-1:22"] }] }`
  const { policy } = readPolicy(text)
  invariant(policy, 'the golden policy can be read')
  const node = { site: null, tags: [], owner: null, podRanges: [] }
  const world = {
    cidr4: '10.77.0.0/16',
    cidr6: 'fd12:3456:789a::/48',
    nodes: [
      { ...node, id: GOLDEN_IDS.gateway, name: 'gw-1', address4: '10.77.0.1', address6: 'fd12:3456:789a::1' },
      { ...node, id: GOLDEN_IDS.member, name: 'home-1', address4: '10.77.0.2', address6: 'fd12:3456:789a::2' },
    ],
    devices: [],
    members: [],
    sites: [],
    clusters: [],
    carrier: GOLDEN_IDS.gateway,
  }
  return renderAccess(planAccess(policy, world), GOLDEN_IDS.member, 'span0') ?? ''
}
