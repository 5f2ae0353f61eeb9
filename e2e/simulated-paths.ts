/** Waiting in a simulated mesh until its paths are what they will be. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fleet } from '@spanwire/lab/fleet/fleet'
import type { SimulatedNode } from '@spanwire/lab/fleet/node'
import type { Rest } from '@spanwire/lab/fleet/rest'
import { type PackedCells, unpackCells } from '@spanwire/mesh/paths/packed-cells'

type Packed = { rows: { nodes: number }[]; cells: PackedCells; at: string }

/** Two members of which one is behind a NAT with a new port for each destination, in different sites, once all pairs are measured. */
export async function carriedPair(rest: Rest, network: string, fleet: Fleet): Promise<{ from: string; to: string }> {
  const members = fleet.nodes.filter(({ who }) => who.role === 'member')
  const hard = members.find(({ who }) => who.nat === 'hard')
  const easy = members.find(({ who }) => who.nat === 'easy' && who.site !== hard?.who.site)
  if (!hard || !easy) throw new Error('this seed has no pair of a hard and an easy NAT')
  await pathsAreMeasured(rest, network)
  await reasonIsTold(rest, network, hard, easy)
  return { from: hard.id ?? '', to: easy.id ?? '' }
}

/** LANs behind a node, one in each state. */
export async function offerLans(rest: Rest, node: string): Promise<void> {
  const decide = { '192.168.178.0/24': null, '192.168.40.0/24': 'approve', '172.30.0.0/16': 'refuse' } as const
  for (const [prefix, what] of Object.entries(decide)) {
    await rest('POST', `/nodes/${node}/routes`, { prefix })
    if (what) await rest('POST', `/nodes/${node}/routes/${what}`, { prefix })
  }
}

/** All pairs alive, and some of them directly. */
export async function pathsAreMeasured(rest: Rest, network: string): Promise<void> {
  for (const end = Date.now() + 150_000; Date.now() < end; await sleep(1000)) {
    const matrix = await rest<Packed>('GET', `/networks/${network}/paths`)
    const cells = unpackCells(matrix.cells, matrix.rows, Date.parse(matrix.at))
    if (cells.every(({ status }) => status === 'up') && cells.some(({ kind }) => kind === 'lan')) return
  }
  throw new Error('not all paths were measured within 150 s')
}

/** Gateways have seen both ends of its NAT. */
async function reasonIsTold(rest: Rest, network: string, from: SimulatedNode, to: SimulatedNode): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(1000)) {
    const { text } = await rest<{ text: string }>('GET', `/networks/${network}/paths/${from.id}/${to.id}`)
    if (/new port for each destination/.test(text)) return
  }
  throw new Error(`why ${from.who.name} is not direct was not told within 60 s`)
}
