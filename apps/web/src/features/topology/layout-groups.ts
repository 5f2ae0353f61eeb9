import type { Point } from './point.ts'

export interface LayoutInput {
  nodes: { id: string; site: string | null; gateway: boolean; at?: Point }[]
  edges: { a: string; b: string }[]
  /** width by height of what it is looked at through */
  aspect?: number
}

export interface Group {
  key: string
  nodes: { id: string; gateway: boolean }[]
  /** a gateway stands in it: others are set around it */
  hub: boolean
  /** nodes that belong together by their gateway alone: no hull is drawn around them, and they stand looser */
  loose: boolean
  /** the groups that its tunnels lead to */
  towards: ReadonlySet<string>
}

/** Sites, and per gateway those without a site. Hubs first, then the larger, then by name. */
export function groupsOf(input: LayoutInput): Group[] {
  const keys = new Map(input.nodes.map((node) => [node.id, node.site ?? '']))
  const gateways = new Set(input.nodes.filter((node) => node.gateway).map(({ id }) => id))
  // A node without a site stands with its gateway's loose ones, whichever site the gateway is in.
  for (const { a, b } of input.edges)
    for (const [own, other] of [
      [a, b],
      [b, a],
    ] as const)
      if (keys.get(own) === '' && !gateways.has(own) && gateways.has(other)) keys.set(own, looseKey(other))
  for (const id of gateways) if (keys.get(id) === '') keys.set(id, looseKey(id))
  const [first] = [...gateways].sort()
  for (const [id, key] of keys) if (key === '') keys.set(id, first === undefined ? 'loose' : looseKey(first))

  const groups = new Map<string, Group & { towards: Set<string> }>()
  for (const { id, gateway } of input.nodes) {
    const key = keys.get(id) as string
    const group = groups.get(key) ?? {
      ...{ key, nodes: [], hub: false, loose: key.startsWith('loose'), towards: new Set<string>() },
    }
    groups.set(key, group)
    group.nodes.push({ id, gateway })
    group.hub ||= gateway
  }
  for (const { a, b } of input.edges) {
    const [from, to] = [keys.get(a), keys.get(b)]
    if (from === undefined || to === undefined || from === to) continue
    groups.get(from)?.towards.add(to)
    groups.get(to)?.towards.add(from)
  }
  return [...groups.values()].sort(
    (a, b) => Number(b.hub) - Number(a.hub) || b.nodes.length - a.nodes.length || (a.key < b.key ? -1 : 1),
  )
}

const looseKey = (gateway: string) => `loose ${gateway}`
