import type { End, Tunnel } from './tunnel.ts'

export type KeyedLink = {
  readonly tunnel: Tunnel
  readonly end: End
  /** The peer has that key in use: only with it a handshake comes about. */
  readonly isInUse: boolean
}

/** Of one machine: its tunnels are those that its peers' keys name. While keys are rotated two of them name one, which stands as long as either does. */
export function configureLinks(before: Iterable<KeyedLink>, after: Iterable<KeyedLink>): void {
  const wanted = new Map<Tunnel, { end: End; isInUse: boolean }>()
  for (const { tunnel, end, isInUse } of after)
    wanted.set(tunnel, { end, isInUse: isInUse || (wanted.get(tunnel)?.isInUse ?? false) })
  for (const { tunnel, end } of before) if (!wanted.has(tunnel)) tunnel.configure(end, false)
  for (const [tunnel, { end, isInUse }] of wanted) {
    tunnel.fit(end, isInUse)
    tunnel.configure(end, true)
  }
}
