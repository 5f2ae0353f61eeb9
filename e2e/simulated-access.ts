/** Networks with a policy, in states that a person may meet: rules that hold and count, and a version that machines returned. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fleet } from '@spanwire/lab/fleet/fleet'
import type { Rest } from '@spanwire/lab/fleet/rest'

const FIRST = `{
  // Who is who.
  "groups": { "group:ops": ["ada@example.com", "grace@example.com"] },
  "tagOwners": { "tag:db": ["group:ops"], "tag:web": ["group:ops"] },
  "hosts": { "printer": "192.168.7.20" },
  "acls": [
    // People of operations, from their laptops.
    { "action": "accept", "src": ["group:ops"], "dst": ["*:22", "printer:631"] },

    // The shop and its database.
    { "action": "accept", "proto": "tcp", "src": ["tag:web"], "dst": ["tag:db:5432"] },
  ],
  "tests": [
    { "src": "tag:web", "proto": "tcp", "accept": ["tag:db:5432"], "deny": ["tag:db:22"] },
  ],
}
`

const SECOND = FIRST.replace(
  '  ],\n  "tests"',
  `
    // What is measured is read by the first of the web machines.
    { "action": "accept", "proto": "tcp", "src": ["tag:web"], "dst": ["*:9100-9115"] },
  ],
  "tests"`,
)

export type Trial = { readonly number: number; readonly state: 'running' | 'confirmed' | 'returned' }

export function savePolicy(rest: Rest, network: string, text: string, more: object = {}): Promise<Trial> {
  return rest<Trial>('POST', `/networks/${network}/policy`, { text, confirmSeconds: null, ...more })
}

/** Until the version on trial holds, or was returned. */
export async function trialEnds(rest: Rest, network: string): Promise<Trial> {
  for (const end = Date.now() + 90_000; Date.now() < end; await sleep(500)) {
    const { trial } = await rest<{ trial: Trial | null }>('GET', `/networks/${network}/policy`)
    if (trial && trial.state !== 'running') return trial
  }
  throw new Error('a trial of a policy did not end within 90 s')
}

/** The third machine is the database, the second and fourth are the shop. */
export async function tagged(rest: Rest, { nodes }: Fleet): Promise<void> {
  await rest('PATCH', `/nodes/${nodes[2]!.id}`, { tags: ['db'] })
  for (const place of [1, 3]) await rest('PATCH', `/nodes/${nodes[place]!.id}`, { tags: ['web'] })
}

/** Two versions that hold one after the other; the database drops what no rule lets in. Answers its node. */
export async function ruledNetwork(rest: Rest, network: string, fleet: Fleet): Promise<string> {
  await tagged(rest, fleet)
  await savePolicy(rest, network, FIRST, { comment: 'The shop reaches its database, and nothing else.' })
  await holds(rest, network)
  await savePolicy(rest, network, SECOND, { comment: 'Metrics too.' })
  await holds(rest, network)
  const [gateway, web, db] = fleet.nodes
  const addresses = await addressesOf(rest, network)
  const [from, to] = [addresses.get(web!.id!)!, addresses.get(db!.id!)!]
  db!.rules.drops({ from, to, protocol: 'tcp', port: 6379, packets: 41 })
  db!.rules.drops({ from: addresses.get(gateway!.id!)!, to, protocol: 'icmp', port: null, packets: 3 })
  await dropsAreTold(rest, network)
  return db!.id!
}

/** A version that one machine could not keep. */
export async function returnedNetwork(rest: Rest, network: string, fleet: Fleet): Promise<void> {
  await tagged(rest, fleet)
  await savePolicy(rest, network, FIRST)
  await holds(rest, network)
  fleet.strike('rules', { kind: 'rules', node: fleet.nodes[1]!.who.name, trouble: 'returns' })
  await savePolicy(rest, network, SECOND, { comment: 'Metrics too.' })
  const { state } = await trialEnds(rest, network)
  if (state !== 'returned') throw new Error(`the version was ${state}`)
}

async function holds(rest: Rest, network: string): Promise<void> {
  const { state } = await trialEnds(rest, network)
  if (state !== 'confirmed') throw new Error(`the version was ${state}`)
}

async function addressesOf(rest: Rest, network: string): Promise<Map<string, string>> {
  const nodes = await rest<{ id: string; address4: string | null }[]>('GET', `/networks/${network}/nodes`)
  return new Map(nodes.map(({ id, address4 }) => [id, address4 ?? '']))
}

async function dropsAreTold(rest: Rest, network: string): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(500)) {
    const { drops } = await rest<{ drops: unknown[] }>('GET', `/networks/${network}/policy/activity`)
    if (drops.length > 0) return
  }
  throw new Error('no drop was told within 60 s')
}
