/**
 * Which pairs have a direct tunnel ready.
 *
 *   hub     none
 *   sites   those of one site
 *   mesh    those of one site, and those that talk with each other
 *
 * At most `cap` for a node. In a site with more nodes each has its neighbours in a ring, so that a node that joins concerns its
 * neighbours only. In a mesh a fifth is kept for those it talks to. Sites that did not change are not looked at again.
 */
import type { DirectEnd } from './direct-end.ts'
import { mayMeet } from './pair-endpoints.ts'

export type Topology = 'hub' | 'sites' | 'mesh'

export type DirectPairs = {
  /** By node, in the order of their places. */
  readonly ofSite: ReadonlyMap<string, SitePairs>
  readonly demanded: PeerLists
}

type PeerLists = ReadonlyMap<string, readonly DirectEnd[]>

type SitePairs = {
  readonly ends: readonly DirectEnd[]
  readonly share: number
  readonly peers: PeerLists
}

export type PairSettings = {
  readonly topology: Topology
  readonly cap: number
}

/** `ends` in the order of their places. */
export function directPairs(
  ends: ReadonlyMap<string, DirectEnd>,
  demand: Iterable<{ readonly a: string; readonly b: string }>,
  settings: PairSettings,
  before: DirectPairs | null,
): DirectPairs {
  if (settings.topology === 'hub') return NO_PAIRS
  const bySite = new Map<string, DirectEnd[]>()
  for (const end of ends.values()) {
    if (end.siteId === null) continue
    const there = bySite.get(end.siteId)
    if (there) there.push(end)
    else bySite.set(end.siteId, [end])
  }
  const share = settings.topology === 'sites' ? settings.cap : settings.cap - Math.floor(settings.cap / 5)
  const ofSite = new Map<string, SitePairs>()
  for (const [site, there] of bySite) {
    const known = before?.ofSite.get(site)
    const isKept = known?.share === share && sameItems(known.ends, there)
    ofSite.set(site, isKept ? known : { ends: there, share, peers: keepLists(pairsOfSite(there, share), known?.peers) })
  }
  const pairs = { ofSite, demanded: new Map<string, readonly DirectEnd[]>() }
  return settings.topology === 'mesh'
    ? { ofSite, demanded: keepLists(demandedPairs(ends, demand, settings, pairs), before?.demanded) }
    : pairs
}

/** Those of its site and those of demand; the same lists from plan to plan while the ends in them are the same. */
export function directPeerLists(
  pairs: DirectPairs,
  { id, siteId }: DirectEnd,
): readonly [readonly DirectEnd[], readonly DirectEnd[]] {
  const near = siteId === null ? undefined : pairs.ofSite.get(siteId)?.peers.get(id)
  return [near ?? NOBODY, pairs.demanded.get(id) ?? NOBODY]
}

/** All of a node, in the order of their places. */
export function directPeersOf(pairs: DirectPairs, end: DirectEnd): readonly DirectEnd[] {
  const [near, far] = directPeerLists(pairs, end)
  if (far.length === 0) return near
  return [...near, ...far].sort((a, b) => a.ordinal - b.ordinal)
}

const NOBODY: readonly DirectEnd[] = []
const NO_PAIRS: DirectPairs = { ofSite: new Map(), demanded: new Map() }

function pairsOfSite(ends: readonly DirectEnd[], share: number): PeerLists {
  const peers = new Map<string, DirectEnd[]>(ends.map(({ id }) => [id, []]))
  const steps = ends.length - 1 <= share ? ends.length - 1 : Math.floor(share / 2)
  const isRing = ends.length - 1 > share
  ends.forEach((a, i) => {
    for (let step = 1; step <= steps; step++) {
      const j = i + step
      if (j >= ends.length && !isRing) break
      const b = ends[j % ends.length]
      if (!b || !mayMeet(a, b)) continue
      peers.get(a.id)?.push(b)
      peers.get(b.id)?.push(a)
    }
  })
  for (const list of peers.values()) list.sort((a, b) => a.ordinal - b.ordinal)
  return peers
}

function keepLists(lists: PeerLists, known: PeerLists | undefined): PeerLists {
  if (!known) return lists
  return new Map(
    [...lists].map(([id, list]) => {
      const before = known.get(id)
      return [id, before && sameItems(before, list) ? before : list]
    }),
  )
}

/** In the order of the places of both ends: when more talk than may, those who joined first keep theirs. */
function demandedPairs(
  ends: ReadonlyMap<string, DirectEnd>,
  demand: Iterable<{ readonly a: string; readonly b: string }>,
  { cap }: PairSettings,
  near: DirectPairs,
): PeerLists {
  const wanted = [...demand].flatMap(({ a: idA, b: idB }) => {
    const [a, b] = [ends.get(idA), ends.get(idB)]
    if (!a || !b || a === b) return []
    return a.ordinal < b.ordinal ? [{ a, b }] : [{ a: b, b: a }]
  })
  wanted.sort((x, y) => x.a.ordinal - y.a.ordinal || x.b.ordinal - y.b.ordinal)
  const peers = new Map<string, DirectEnd[]>()
  const has = (end: DirectEnd) => directPeersOf(near, end).length + (peers.get(end.id)?.length ?? 0)
  for (const { a, b } of wanted) {
    if (peers.get(a.id)?.includes(b) || directPeersOf(near, a).includes(b)) continue
    if (has(a) >= cap || has(b) >= cap || !mayMeet(a, b)) continue
    peers.set(a.id, [...(peers.get(a.id) ?? []), b])
    peers.set(b.id, [...(peers.get(b.id) ?? []), a])
  }
  return peers
}

const sameItems = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i])
