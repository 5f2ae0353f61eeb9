import type { NodeView, Tunnel } from '../paths/node-view.ts'
import type { Peer } from '../wireguard/render-setconf.ts'

/** A peer whose key is being rotated. */
export type StagedKey = {
  readonly old: string
  readonly next: string
  /** The peer was told to take it: from now on it may call by the next key, and may be called. */
  readonly isDue: boolean
}

/**
 * The view with the next key of each rotating peer beside its old one, on the same interfaces, without AllowedIPs: those belong to one
 * peer, and move on the machine itself, at the first handshake of the next key (docs/keys.md). While it is not due nobody calls it.
 */
export function withStaged(view: NodeView, staged: readonly StagedKey[]): { view: NodeView; present: StagedKey[] } {
  const present = new Set<StagedKey>()
  const add = <T extends Tunnel>(tunnel: T): T => {
    const more = [...tunnel.peers, ...tunnel.seen].flatMap((peer) => stagedFor(peer, staged, present))
    return more.length === 0 ? tunnel : { ...tunnel, seen: [...tunnel.seen, ...more] }
  }
  const tunnels = view.tunnels.map(add)
  const paths = view.paths && { ...view.paths, tunnels: view.paths.tunnels.map(add) }
  if (present.size === 0) return { view, present: [] }
  return { view: { ...view, tunnels, paths }, present: staged.filter((key) => present.has(key)) }
}

function stagedFor(peer: Peer, staged: readonly StagedKey[], present: Set<StagedKey>): Peer[] {
  const key = staged.find(({ old }) => old === peer.publicKey)
  if (!key) return []
  present.add(key)
  const { name, endpoint, keepaliveSeconds } = peer
  const calls = key.isDue ? { endpoint, keepaliveSeconds } : { endpoint: null, keepaliveSeconds: 0 }
  return [{ name, publicKey: key.next, allowedIps: [], ...calls }]
}
