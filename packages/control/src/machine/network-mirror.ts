/**
 * What this process knows of its networks: rows, plan and fingerprints in memory, so that thousands of held requests cost the
 * database nothing. Followed by revision:
 *
 *   change ─ commit ─ NOTIFY ──> refresh: rows changed since our revision ─ plan ─ who waits with another fingerprint is woken
 *                  └─ (lost) ──> scan by revision, every 5 s, does the same
 *
 * What could not be read is never guessed: a failed refresh leaves the last plan as it was, says so by `isAway`, and the next one
 * reads everything anew.
 */
import { nodeView } from '@spanwire/mesh/paths/node-view'
import { gatewayOf, type JoinedNode, type NetworkPlan, plan } from '@spanwire/mesh/paths/plan'
import { type ServerFacts, viewFingerprint } from '@spanwire/mesh/protocol/render-bundle'
import { type MachineNode, type NetworkHead, readMachineNodes, readNetworkHead } from './network-rows.ts'
import { sha256hex } from './sha256.ts'
import type { Sql } from './sql.ts'

export type Mirrored = NetworkHead & { readonly nodes: ReadonlyMap<string, MachineNode>; readonly plan: NetworkPlan }

export type NetworkMirror = {
  /** As of the last refresh; undefined when never asked for, or gone. */
  current(networkId: string): Mirrored | undefined
  /** Read from the database if it is not here, or not as new as `revision`. Null when there is no such network. */
  get(networkId: string, revision?: number): Promise<Mirrored | null>
  refresh(networkId: string): Promise<Mirrored | null>
  /** By the SHA-256 of the credential, hex. */
  find(credentialHash: string): Promise<{ network: Mirrored; node: MachineNode } | null>
  fingerprint(network: Mirrored, node: MachineNode): string
  /** The database did not answer the last time it was asked. */
  readonly isAway: boolean
  /** Somebody else's query failed: the mirror asks for itself soon. */
  suspect(): void
  /** Hints may have been lost. */
  scanNow(): void
  close(): void
}

const SCAN_MS = 5_000
const RETRY_MS = 1_000

export function createNetworkMirror(
  sql: Sql,
  server: ServerFacts,
  told: { onRefreshed(networkId: string): void; onRemoved(nodeId: string): void },
): NetworkMirror {
  const networks = new Map<string, Mirrored>()
  const byCredential = new Map<string, { networkId: string; nodeId: string }>()
  const unsure = new Set<string>()
  const running = new Map<string, Promise<Mirrored | null>>()
  const queued = new Map<string, Promise<Mirrored | null>>()
  const fingerprints = createFingerprints(server)
  let isAway = false
  let isClosed = false
  let timer = setTimeout(scan, SCAN_MS)

  /** One at a time for each network, and one more for all who ask meanwhile: a storm of changes is read as one. */
  function refresh(networkId: string): Promise<Mirrored | null> {
    const now = running.get(networkId)
    if (!now) {
      const started = load(networkId).finally(() => running.delete(networkId))
      running.set(networkId, started)
      return started
    }
    const next = queued.get(networkId)
    if (next) return next
    const later = now
      .catch(() => null)
      .then(() => {
        queued.delete(networkId)
        return refresh(networkId)
      })
    queued.set(networkId, later)
    return later
  }

  async function load(networkId: string): Promise<Mirrored | null> {
    const before = unsure.has(networkId) ? undefined : networks.get(networkId)
    unsure.add(networkId)
    try {
      const after = await read(networkId, before)
      unsure.delete(networkId)
      isAway = false
      if (after !== networks.get(networkId)) take(networkId, after)
      return after
    } catch (error) {
      away()
      throw error
    }
  }

  async function read(networkId: string, before: Mirrored | undefined): Promise<Mirrored | null> {
    // The head first: the nodes are then at least as new as the revision that they are told with.
    const head = await readNetworkHead(sql, networkId)
    if (!head) return null
    const follows = before && before.epoch === head.epoch && before.revision <= head.revision
    if (follows && before.revision === head.revision) return before
    const changed = await readMachineNodes(sql, networkId, follows ? before.revision : 0)
    const nodes = new Map(follows ? before.nodes : undefined)
    // An unchanged row stays the same object, by which the fingerprints know that it is unchanged.
    const known = networks.get(networkId)?.nodes
    for (const node of changed) nodes.set(node.id, sameRow(known?.get(node.id), node))
    if (follows) await dropRemoved(networkId, nodes)
    return { ...head, nodes, plan: plan({ ...head.settings, nodes: nodes.values() }) }
  }

  async function dropRemoved(networkId: string, nodes: Map<string, MachineNode>): Promise<void> {
    const [row] = await sql.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM nodes WHERE network_id = $1 AND ordinal IS NOT NULL',
      [networkId],
    )
    if (row?.count === nodes.size) return
    const rows = await sql.query<{ id: string }>('SELECT id FROM nodes WHERE network_id = $1 AND ordinal IS NOT NULL', [
      networkId,
    ])
    const left = new Set(rows.map(({ id }) => id))
    for (const id of nodes.keys()) if (!left.has(id)) nodes.delete(id)
  }

  function take(networkId: string, after: Mirrored | null): void {
    const before = networks.get(networkId)
    for (const node of before?.nodes.values() ?? []) {
      if (node.credentialHash && after?.nodes.get(node.id)?.credentialHash !== node.credentialHash) {
        byCredential.delete(node.credentialHash)
      }
    }
    if (after) networks.set(networkId, after)
    else networks.delete(networkId)
    for (const node of after?.nodes.values() ?? []) {
      if (node.credentialHash && before?.nodes.get(node.id) !== node) {
        byCredential.set(node.credentialHash, { networkId, nodeId: node.id })
      }
    }
    for (const id of before?.nodes.keys() ?? []) if (!after?.nodes.has(id)) told.onRemoved(id)
    told.onRefreshed(networkId)
  }

  async function find(credentialHash: string) {
    const known = lookUp(credentialHash)
    if (known) return known
    const [row] = await sql.query<{ network_id: string }>('SELECT network_id FROM nodes WHERE credential_hash = $1', [
      Buffer.from(credentialHash, 'hex'),
    ])
    if (!row) return null
    await refresh(row.network_id)
    return lookUp(credentialHash)
  }

  function lookUp(credentialHash: string) {
    const place = byCredential.get(credentialHash)
    const network = place && networks.get(place.networkId)
    const node = place && network?.nodes.get(place.nodeId)
    return network && node ? { network, node } : null
  }

  async function scan(): Promise<void> {
    try {
      const rows = await sql.query<{ id: string; epoch: number; revision: string }>(
        'SELECT id, epoch, revision FROM networks WHERE id = ANY($1)',
        [[...networks.keys()]],
      )
      const heads = new Map(rows.map((row) => [row.id, row]))
      const stale = [...networks].filter(([id, network]) => {
        const head = heads.get(id)
        return unsure.has(id) || head?.epoch !== network.epoch || Number(head.revision) !== network.revision
      })
      isAway = false
      await Promise.all(stale.map(([id]) => refresh(id)))
    } catch {
      away()
    }
    scanIn(isAway ? RETRY_MS : SCAN_MS)
  }

  function scanIn(ms: number): void {
    clearTimeout(timer)
    if (!isClosed) timer = setTimeout(scan, ms)
  }

  function away(): void {
    isAway = true
    // It may come back as an older copy of itself: everything is read anew.
    for (const id of networks.keys()) unsure.add(id)
  }

  return {
    current: (networkId) => networks.get(networkId),
    async get(networkId, revision = 0) {
      const here = networks.get(networkId)
      return here && here.revision >= revision ? here : refresh(networkId)
    },
    refresh,
    find,
    fingerprint: (network, node) => fingerprints(network.plan, node as JoinedNode),
    get isAway() {
      return isAway
    },
    suspect() {
      if (!isAway) scanIn(RETRY_MS)
      away()
    },
    scanNow: () => scanIn(0),
    close() {
      isClosed = true
      clearTimeout(timer)
    },
  }
}

/**
 * Fingerprints, kept until something that they are made of is another object. A member's are its row, its gateway's and the
 * network's settings; the hub's are all rows. So a change costs the hub and whoever it is about, not everybody.
 */
function createFingerprints(server: ServerFacts): (network: NetworkPlan, node: JoinedNode) => string {
  type Kept = { readonly settings: string; readonly inputs: readonly unknown[]; readonly fingerprint: string }
  const kept = new WeakMap<JoinedNode, Kept>()
  const settingsOf = new WeakMap<NetworkPlan, string>()

  return (network, node) => {
    let settings = settingsOf.get(network)
    if (settings === undefined) {
      settings = JSON.stringify(network.settings)
      settingsOf.set(network, settings)
    }
    const isHub = network.hub === node
    const inputs = isHub ? [node, ...network.spokes] : [node, gatewayOf(network, node)]
    const before = kept.get(node)
    if (before?.settings === settings && sameItems(before.inputs, inputs)) return before.fingerprint
    const view = nodeView(network, node.id)
    if (!view) throw new Error(`${node.id} is not in its plan`)
    const fingerprint = viewFingerprint(view, server, sha256hex)
    kept.set(node, { settings, inputs, fingerprint })
    return fingerprint
  }
}

const sameItems = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i])

function sameRow(known: MachineNode | undefined, read: MachineNode): MachineNode {
  const isSame = known && (Object.keys(read) as (keyof MachineNode)[]).every((key) => known[key] === read[key])
  return isSame ? known : read
}
