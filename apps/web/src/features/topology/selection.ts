import type { Lit } from './frame.ts'
import type { Scene } from './scene.ts'

export type Selection = { kind: 'node' | 'edge' | 'bundle'; id: string } | null

/** What belongs to some of these: a node with its tunnels, a tunnel with its ends, a bundle with all in it. */
export function litBy(scene: Scene, ...chosen: readonly Selection[]): Lit {
  const [nodes, edges, bundles] = [new Set<string>(), new Set<string>(), new Set<string>()]
  const wanted = { node: new Set<string>(), edge: new Set<string>(), bundle: new Set<string>() }
  for (const each of chosen) if (each) wanted[each.kind].add(each.id)
  for (const id of wanted.node) nodes.add(id)
  if (wanted.node.size + wanted.edge.size + wanted.bundle.size === 0) return { nodes, edges, bundles }
  for (const { edge, bundle } of scene.strands) {
    const isLit =
      wanted.node.has(edge.a) ||
      wanted.node.has(edge.b) ||
      wanted.edge.has(edge.id) ||
      wanted.bundle.has(bundle?.id ?? '')
    if (!isLit) continue
    edges.add(edge.id).add(edge.id)
    nodes.add(edge.a).add(edge.b)
    if (bundle) bundles.add(bundle.id)
  }
  return { nodes, edges, bundles }
}
