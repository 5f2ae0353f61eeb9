/** A member of a simulated fleet that has joined, and what it says to the server when nothing happens. */
import { createHash } from 'node:crypto'
import { Doors } from '@spanwire/lab/fleet/doors'
import type { FoundedNetwork } from '@spanwire/lab/fleet/found-network'
import { KeyDisk } from '@spanwire/lab/fleet/key-disk'
import { SimulatedKubernetes } from '@spanwire/lab/fleet/kubernetes'
import { SimulatedNode, type World } from '@spanwire/lab/fleet/node'
import { populate } from '@spanwire/lab/fleet/population'
import { type Bundle, readBundle } from '@spanwire/lab/fleet/read-bundle'
import { renderReport } from '@spanwire/lab/fleet/render-message'
import { type PeerView, pathsBlock, wgBlocks } from '@spanwire/lab/fleet/wg-views'

export type Member = { readonly node: SimulatedNode; bundle: Bundle; readonly script: string }

export type Joined = { readonly members: readonly Member[]; readonly perSecond: number }

/** The gateway joins first; the members after it are timed. */
export async function joinAll(
  url: string,
  { sites, tokens }: FoundedNetwork,
  options: { members: number; atOnce: number; seed: string },
): Promise<Joined> {
  const doors = new Doors()
  try {
    const script = await askScript(doors, url)
    const now = () => Date.now() / 1000
    const world: World = {
      ...{ seed: options.seed, doors, server: { url, pin: null }, script, holdSeconds: 0, tellsSteps: false },
      now,
      // Nobody meets anybody: what is measured is the server.
      link: () => null,
      disk: new KeyDisk(null),
      ...{ made: () => {}, taken: () => {}, isInUse: () => true },
      kubernetes: new SimulatedKubernetes(options.seed, now),
      apis: new Set(),
      wayBetween: () => null,
      device: () => null,
    }
    const [gateway, ...nodes] = populate(options.members + 1, sites, options.seed).map(
      (who) => new SimulatedNode(world, who),
    )
    await gateway?.enrol(tokens.gateway)
    const members: Member[] = []
    const queue = nodes.values()
    const worker = async () => {
      for (const node of queue) {
        const token = typeof tokens.members === 'string' ? tokens.members : tokens.members[node.who.site]
        members.push({ node, bundle: await node.enrol(token ?? ''), script })
      }
    }
    const begun = performance.now()
    await Promise.all(Array.from({ length: options.atOnce }, worker))
    return { members, perSecond: members.length / ((performance.now() - begun) / 1000) }
  } finally {
    await doors.close()
  }
}

/** It keeps the bundle that it was sent. */
export async function keep(member: Member, tar: Buffer): Promise<void> {
  member.bundle = await readBundle(tar)
}

/** One tunnel to the gateway, alive and idle. */
export function reportOf({ node, bundle, script }: Member): string {
  const at = Date.now() / 1000
  const { machine, keys } = node
  const uptime = machine.uptime(at)
  const tunnel = bundle.tunnel
  const peers = (tunnel?.peers ?? []).map(
    ({ publicKey, endpoint, allowedIps }): PeerView => ({
      ...{ publicKey, endpoint, allowedIps, state: 'alive', rttMs: 23.417, sent: 5041, lost: 3 },
      ...{ since: Math.floor(uptime) - 3600, heard: Math.floor(uptime) - 4, handshakeSeen: Math.floor(uptime) - 62 },
      ...{ handshakeUnix: machine.unix(at) - 62, rxBytes: 81_422_912, txBytes: 23_117_204 },
    }),
  )
  const name = tunnel?.name ?? 'span0'
  return renderReport(
    {
      ...{ instance: `${machine.bootId}.1`, confirmed: bundle, trial: null, script, uptime },
      unix: machine.unix(at),
    },
    [
      ...machine.blocks(at, [{ name, rxBytes: 81_422_912, txBytes: 23_117_204 }]),
      ...wgBlocks(name, keys.publicKey, tunnel?.port ?? 0, peers),
      pathsBlock(name, peers),
      ['notes', ''],
    ],
  )
}

async function askScript(doors: Doors, url: string): Promise<string> {
  const { body } = await (await doors.to({ url, pin: null })).ask({ path: '/join', timeoutMs: 30_000 })
  const version = /^VERSION=([0-9A-Za-z.+-]+)$/m.exec(body.toString())?.[1]
  if (version === undefined) throw new Error(`${url}/join is not the script of a Spanwire server`)
  return `${version} ${createHash('sha256').update(body).digest('hex')}`
}
