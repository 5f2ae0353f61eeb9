import { layout } from './layout.ts'
import type { LayoutInput } from './layout-groups.ts'

/** Runs the layout off the main thread, so that no frame waits for it. */

export interface LayoutRequest {
  generation: number
  input: LayoutInput
}

export interface Places {
  generation: number
  ids: string[]
  /** x, y of each id in turn */
  xy: Float32Array
}

self.onmessage = ({ data: { generation, input } }: MessageEvent<LayoutRequest>) => {
  const places = layout(input)
  const ids = [...places.keys()]
  const xy = new Float32Array([...places.values()].flatMap(({ x, y }) => [x, y]))
  self.postMessage({ generation, ids, xy } satisfies Places, { transfer: [xy.buffer] })
}
