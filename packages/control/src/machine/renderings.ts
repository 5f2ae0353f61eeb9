import type { Rendering } from '@spanwire/mesh/protocol/render-bundle'

/**
 * What was rendered last, by node and fingerprint, the oldest given up when there is too much of it: a node that changed is rendered to
 * see that it did, is sent the same, and at its next change is told what differs from it.
 */
export type Renderings = {
  get(nodeId: string, fingerprint: string): Rendering | undefined
  put(nodeId: string, rendering: Rendering): void
}

/** Characters. Bundles are ASCII, so as many bytes: those of 3,000 members, or 50 gateways of 10,000 nodes. */
const ROOM = 48 * 1024 * 1024

export function createRenderings(room = ROOM): Renderings {
  const kept = new Map<string, { readonly rendering: Rendering; readonly size: number }>()
  let used = 0
  const drop = (key: string) => {
    used -= kept.get(key)?.size ?? 0
    kept.delete(key)
  }
  return {
    get(nodeId, fingerprint) {
      const key = `${nodeId} ${fingerprint}`
      const found = kept.get(key)
      if (!found) return undefined
      kept.delete(key)
      kept.set(key, found)
      return found.rendering
    },
    put(nodeId, rendering) {
      const key = `${nodeId} ${rendering.fingerprint}`
      drop(key)
      const size = rendering.files.reduce((sum, { text }) => sum + text.length, 1024)
      if (size > room) return
      kept.set(key, { rendering, size })
      used += size
      for (const oldest of kept.keys()) {
        if (used <= room) break
        drop(oldest)
      }
    },
  }
}
