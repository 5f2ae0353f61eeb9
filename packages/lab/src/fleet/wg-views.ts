import type { Block } from './render-message.ts'

/** One peer of an interface, as its own end sees it. Times are of the node's own clocks. */
export type PeerView = {
  readonly publicKey: string
  readonly endpoint: string | null
  readonly allowedIps: readonly string[]
  readonly state: 'alive' | 'dead' | 'unknown'
  /** seconds of /proc/uptime */
  readonly since: number
  readonly heard: number | null
  readonly handshakeSeen: number | null
  /** `date +%s` of this machine; 0 when there was none */
  readonly handshakeUnix: number
  readonly rttMs: number | null
  readonly sent: number
  readonly lost: number
  readonly rxBytes: number
  readonly txBytes: number
}

/** `wg show NAME VIEW` for each view that the script asks for. */
export function wgBlocks(name: string, publicKey: string, listenPort: number, peers: readonly PeerView[]): Block[] {
  const rows = (read: (peer: PeerView) => string) => peers.map((peer) => `${peer.publicKey}\t${read(peer)}\n`).join('')
  return [
    [`wg ${name} public-key`, `${publicKey}\n`],
    [`wg ${name} listen-port`, `${listenPort}\n`],
    [`wg ${name} endpoints`, rows(({ endpoint }) => endpoint ?? '(none)')],
    [`wg ${name} latest-handshakes`, rows(({ handshakeUnix }) => String(handshakeUnix))],
    [`wg ${name} transfer`, rows(({ rxBytes, txBytes }) => `${rxBytes}\t${txBytes}`)],
    [`wg ${name} allowed-ips`, rows(({ allowedIps }) => allowedIps.join(' ') || '(none)')],
  ]
}

/** The path loop's own table. */
export function pathsBlock(name: string, peers: readonly PeerView[]): Block {
  const lines = peers.map(
    ({ publicKey, state, since, heard, rttMs, sent, lost, handshakeSeen }) =>
      `${name} ${publicKey} ${state} ${since} ${heard ?? '-'} ${rttMs?.toFixed(3) ?? '-'} ${sent} ${lost} ${handshakeSeen ?? '-'}\n`,
  )
  return ['paths', lines.join('')]
}
