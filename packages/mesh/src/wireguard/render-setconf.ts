/**
 * The peers of one interface, as `wg syncconf` reads them. There is no [Interface] section: the node puts its own in front, with
 * the private key that never leaves it. Same input, same bytes, in any order of peers.
 *
 * Names of peers serve error messages only and are never written: a name can never become a line.
 */
import { type Endpoint, formatEndpoint } from '../ip/endpoint.ts'
import { comparePrefixes, formatPrefix, overlaps, type Prefix } from '../ip/prefix.ts'
import { err, type Fault, ok, type Result } from '../result.ts'
import { parsePublicKey } from './key.ts'

export type Peer = {
  readonly name: string
  readonly publicKey: string
  /** Empty for a peer that only observes our endpoint. */
  readonly allowedIps: readonly Prefix[]
  /** A DNS name is for the node to resolve: `wg` would block on it. Null for a peer that calls us. */
  readonly endpoint: Endpoint | null
  /** 0 is off. */
  readonly keepaliveSeconds: number
}

export type SetconfFault = Fault<'bad-key' | 'duplicate-key' | 'allowed-ips-overlap' | 'bad-keepalive'> & {
  readonly peers: readonly string[]
}

export function renderSetconf(peers: readonly Peer[]): Result<string, SetconfFault> {
  const fault = findBadPeer(peers) ?? findDuplicateKey(peers) ?? findOverlap(peers)
  if (fault) return err(fault)
  const sorted = [...peers].sort((a, b) => (a.publicKey < b.publicKey ? -1 : 1))
  return ok(sorted.map(renderPeer).join('\n'))
}

/** Of peers that stay the same objects from plan to plan: a gateway with thousands of them has one that is new. */
const rendered = new WeakMap<Peer, string>()

function renderPeer(peer: Peer): string {
  let text = rendered.get(peer)
  if (text === undefined) {
    text = peerText(peer)
    rendered.set(peer, text)
  }
  return text
}

function peerText(peer: Peer): string {
  const allowed = [...peer.allowedIps].sort(comparePrefixes).map(formatPrefix)
  const lines = ['[Peer]', `PublicKey = ${peer.publicKey}`]
  // A peer present without AllowedIPs has them emptied: syncconf replaces the set.
  if (allowed.length > 0) lines.push(`AllowedIPs = ${allowed.join(', ')}`)
  if (peer.endpoint) lines.push(`Endpoint = ${formatEndpoint(peer.endpoint)}`)
  // Always written: before wireguard-tools 1.0.20260223 leaving it out does not clear the old value.
  lines.push(`PersistentKeepalive = ${peer.keepaliveSeconds === 0 ? 'off' : peer.keepaliveSeconds}`)
  return `${lines.join('\n')}\n`
}

function findBadPeer(peers: readonly Peer[]): SetconfFault | null {
  for (const peer of peers) {
    // It was good when it was rendered.
    if (rendered.has(peer)) continue
    const { name, publicKey, keepaliveSeconds: seconds } = peer
    const key = parsePublicKey(publicKey)
    if (!key.ok) return { kind: 'bad-key', message: `${name}: ${key.error.message}`, peers: [name] }
    if (!Number.isInteger(seconds) || seconds < 0 || seconds > 65535) {
      return {
        kind: 'bad-keepalive',
        message: `${name}: a keepalive is 0 (off) to 65535 seconds, not ${seconds}`,
        peers: [name],
      }
    }
  }
  return null
}

/** `wg` would merge the two into one peer without a word. */
function findDuplicateKey(peers: readonly Peer[]): SetconfFault | null {
  const owners = new Map<string, string>()
  for (const { name, publicKey } of peers) {
    const other = owners.get(publicKey)
    if (other !== undefined) {
      return { kind: 'duplicate-key', message: `${other} and ${name} have the same public key`, peers: [other, name] }
    }
    owners.set(publicKey, name)
  }
  return null
}

/**
 * A source address belongs to one peer of an interface. Given twice, the last peer gets it and `wg` exits 0; nested, a part of
 * one peer's range goes to the other. Both are refused.
 */
function findOverlap(peers: readonly Peer[]): SetconfFault | null {
  const owned = peers.flatMap((peer) => peer.allowedIps.map((prefix) => ({ prefix, peer })))
  // Sorted, a range comes after the one that encloses it. One peer may nest its own; its widest speaks for them.
  owned.sort((a, b) => comparePrefixes(a.prefix, b.prefix))
  let widest: (typeof owned)[number] | undefined
  for (const entry of owned) {
    if (!widest || !overlaps(widest.prefix, entry.prefix)) {
      widest = entry
    } else if (widest.peer !== entry.peer) {
      const [a, b] = [formatPrefix(widest.prefix), formatPrefix(entry.prefix)]
      const message = `${widest.peer.name} (${a}) and ${entry.peer.name} (${b}) would own the same addresses; only one of them can`
      return { kind: 'allowed-ips-overlap', message, peers: [widest.peer.name, entry.peer.name] }
    }
  }
  return null
}
