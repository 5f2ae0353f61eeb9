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
import { invariant } from '@spanwire/mesh/invariant'
import type { JoinedNode } from '@spanwire/mesh/paths/network-input'
import {
  type Extras,
  NO_EXTRAS,
  type PolicyExtras,
  type Rendering,
  type ServerFacts,
} from '@spanwire/mesh/protocol/render-bundle'
import type { KeysExtras } from '@spanwire/mesh/protocol/render-keys'
import { withoutKeys } from '../keys/key-extras.ts'
import { type PathsPart, withPaths } from '../paths/with-paths.ts'
import { withoutPolicy } from '../policy/policy-extras.ts'
import { createFingerprints } from './fingerprints.ts'
import { networkFinder } from './network-finder.ts'
import type { MachineNode } from './network-rows.ts'
import { extrasOf, type Mirrored, type ReadExtras, readMirrored } from './read-mirrored.ts'
import type { Sql } from './sql.ts'
import { createVersions } from './versions.ts'
import { type Part, withPart } from './with-part.ts'

export type NetworkMirror = {
  /** As of the last refresh; undefined when never asked for, or gone. */
  current(networkId: string): Mirrored | undefined
  /** Read from the database if it is not here, or not as new as `revision`. Null when there is no such network. */
  get(networkId: string, revision?: number): Promise<Mirrored | null>
  refresh(networkId: string): Promise<Mirrored | null>
  /** By the SHA-256 of the credential, hex. */
  find(credentialHash: string): Promise<{ network: Mirrored; node: MachineNode } | null>
  /** Whether a node that says it holds this has what it is to have. */
  isHeld(network: Mirrored, node: MachineNode, holds: { readonly epoch: number; readonly view: string | null }): boolean
  /** What a node is sent. */
  rendering(network: Mirrored, node: MachineNode): Rendering
  /** What the view is that a node holds; null when nobody knows that any more. */
  held(network: Mirrored, node: MachineNode, view: string): Rendering | null
  /** What a node is to have beside its tunnels, as far as its script can read it. */
  extras(network: Mirrored, nodeId: string): Extras
  /** A node has said which script it runs, before anything is compared with what it has. */
  heard(nodeId: string, said: Said): void
  knowsPolicy(nodeId: string): boolean
  /** The database did not answer the last time it was asked. */
  readonly isAway: boolean
  /** Somebody else's query failed: the mirror asks for itself soon. */
  suspect(): void
  /** Hints may have been lost. */
  scanNow(): void
  close(): void
}

/** What a report says of what its script can read. */
export type Said = {
  readonly script: { readonly sha256: string }
  readonly policy?: unknown
  readonly ways?: unknown
  readonly keys?: unknown
  readonly deltas?: unknown
}

const SCAN_MS = 5_000
const RETRY_MS = 1_000

export function createNetworkMirror(
  sql: Sql,
  server: ServerFacts,
  readExtras: ReadExtras,
  parts: {
    readonly access: PolicyExtras['part']
    readonly paths: PathsPart
    readonly delta: Part<'delta'>
    readonly status: Part<'status'>
    readonly keys: KeysExtras['part']
  },
  told: { onRefreshed(networkId: string): void; onRemoved(nodeId: string): void },
): NetworkMirror {
  const networks = new Map<string, Mirrored>()
  const byCredential = new Map<string, { networkId: string; nodeId: string }>()
  const unsure = new Set<string>()
  const running = new Map<string, Promise<Mirrored | null>>()
  const queued = new Map<string, Promise<Mirrored | null>>()
  const fingerprints = createFingerprints(server)
  const networkOf = networkFinder(sql)
  const knowing = new Set<string>()
  const knowingPaths = new Set<string>()
  const knowingKeys = new Set<string>()
  const knowingDeltas = new Set<string>()
  /** An older script tells the ways itself. */
  const runningOurs = new Set<string>()
  const versions = createVersions()
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
      const after = await readMirrored(sql, networkId, before, networks.get(networkId), readExtras, parts)
      unsure.delete(networkId)
      isAway = false
      if (after !== networks.get(networkId)) take(networkId, after)
      return after
    } catch (error) {
      away()
      throw error
    }
  }

  function take(networkId: string, after: Mirrored | null): void {
    const before = networks.get(networkId)
    for (const node of before?.nodes.values() ?? []) {
      if (node.credentialHash && after?.nodes.get(node.id)?.credentialHash !== node.credentialHash) {
        byCredential.delete(node.credentialHash)
      }
    }
    if (after) {
      networks.set(networkId, after)
      versions.add(after)
    } else {
      networks.delete(networkId)
      versions.drop(networkId)
    }
    for (const node of after?.nodes.values() ?? []) {
      if (node.credentialHash && before?.nodes.get(node.id) !== node) {
        byCredential.set(node.credentialHash, { networkId, nodeId: node.id })
      }
    }
    for (const id of before?.nodes.keys() ?? []) {
      if (after?.nodes.has(id)) continue
      knowing.delete(id)
      knowingPaths.delete(id)
      knowingKeys.delete(id)
      knowingDeltas.delete(id)
      runningOurs.delete(id)
      versions.forget(id)
      told.onRemoved(id)
    }
    told.onRefreshed(networkId)
  }

  function extras(network: Mirrored, nodeId: string): Extras {
    const all = extrasOf(network, nodeId)
    const judged = knowing.has(nodeId) ? all : withoutPolicy(all)
    const readable = knowingKeys.has(nodeId) ? judged : withoutKeys(judged)
    const pathed = knowingPaths.has(nodeId) ? withPaths(readable, parts.paths) : readable
    const told = knowingDeltas.has(nodeId) ? withPart(pathed, 'delta', parts.delta) : pathed
    return runningOurs.has(nodeId) ? withPart(told, 'status', parts.status) : told
  }

  const fingerprint = (network: Mirrored, node: MachineNode) =>
    fingerprints.of(network.plan, node as JoinedNode, extras(network, node.id))

  async function find(credentialHash: string) {
    const known = lookUp(credentialHash)
    if (known) return known
    const networkId = await networkOf(credentialHash)
    if (networkId === undefined) return null
    // Of those who come at once the first has it read for all. A reading that was under way may have begun before this node was there.
    await running.get(networkId)
    const read = lookUp(credentialHash)
    if (read) return read
    await refresh(networkId)
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
    isHeld(network, node, { epoch, view }) {
      const isSame = epoch === network.epoch && view === fingerprint(network, node)
      if (isSame && view !== null) versions.holds(node.id, view, network)
      return isSame
    },
    rendering(network, node) {
      const view = fingerprint(network, node)
      versions.told(node.id, view, network)
      const rendering = fingerprints.rendering(network.plan, node.id, extras(network, node.id), view)
      invariant(rendering, `what ${node.id} is to have has the fingerprint that it had`)
      return rendering
    },
    held(network, node, view) {
      const before = versions.of(node.id, view, network)
      const old = before ? extras(before, node.id) : NO_EXTRAS
      return fingerprints.rendering(before?.plan, node.id, old, view)
    },
    extras,
    heard(nodeId, { script, policy, ways, deltas, keys }) {
      // An older script refuses a bundle with files that it does not know, and with it the script that is newer.
      const isOurs = script.sha256 === server.script.sha256
      for (const [known, said] of [
        [knowing, policy],
        [knowingPaths, ways],
        [knowingKeys, keys],
        [knowingDeltas, deltas],
        [runningOurs, null],
      ] as const) {
        if (isOurs || (said !== undefined && said !== null)) known.add(nodeId)
        else known.delete(nodeId)
      }
    },
    knowsPolicy: (nodeId) => knowing.has(nodeId),
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
