import type { JoinedNode, PlanDevice } from './network-input.ts'

/** In the order of their places. Two peers with one key or one address would stop the configuration of everybody: a node has the older right. */
export function plannedDevices(devices: Iterable<PlanDevice>, joined: readonly JoinedNode[]): PlanDevice[] {
  const sorted = [...devices].sort((a, b) => a.ordinal - b.ordinal)
  if (sorted.length === 0) return sorted
  const keys = new Set(joined.map(({ publicKey }) => publicKey))
  const places = new Set(joined.map(({ ordinal }) => ordinal))
  return sorted.filter(({ publicKey, ordinal }) => {
    if (keys.has(publicKey) || places.has(ordinal)) return false
    keys.add(publicKey)
    places.add(ordinal)
    return true
  })
}
