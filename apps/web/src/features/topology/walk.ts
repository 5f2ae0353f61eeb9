import type { PlacedNode } from './placed.ts'
import type { Scene } from './scene.ts'

/** Where the keys go from a node: along the picture by arrows, through the names by Tab. */

const ways = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
} as const

export type Arrow = keyof typeof ways

export const isArrow = (key: string): key is Arrow => key in ways

/** The nearest node that way: what lies straight ahead counts as nearer than what lies aside. */
export function ahead(scene: Scene, from: PlacedNode, arrow: Arrow): PlacedNode | undefined {
  const [ux, uy] = ways[arrow]
  let best: PlacedNode | undefined
  let least = Infinity
  for (const placed of scene.nodes) {
    const [dx, dy] = [placed.x - from.x, placed.y - from.y]
    const along = dx * ux + dy * uy
    const aside = Math.abs(dx * uy) + Math.abs(dy * ux)
    if (placed === from || along <= 0 || aside > along * 2) continue
    const cost = along + aside * 2
    if (cost >= least) continue
    least = cost
    best = placed
  }
  return best
}

const names = new Intl.Collator('en', { numeric: true })

/** By site and name; undefined past the end, so that Tab leaves the picture. */
export function following(scene: Scene, from: PlacedNode | undefined, step: 1 | -1): PlacedNode | undefined {
  const order = [...scene.nodes].sort(
    (a, b) =>
      names.compare(a.node.siteName ?? '', b.node.siteName ?? '') ||
      (a.node.role === b.node.role ? names.compare(a.node.name, b.node.name) : a.node.role === 'gateway' ? -1 : 1),
  )
  return from === undefined ? order.at(step === 1 ? 0 : -1) : order[order.indexOf(from) + step]
}

/** Where the keys begin: at a gateway. */
export function firstOf(scene: Scene): PlacedNode | undefined {
  return scene.nodes.find(({ node }) => node.role === 'gateway') ?? following(scene, undefined, 1)
}
