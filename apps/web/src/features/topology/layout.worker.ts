import { type LayoutInput, layout } from './layout.ts'

/** Runs the layout off the main thread, so that no frame waits for it, and posts places about 20 times a second. */

interface Request {
  generation: number
  input: LayoutInput
}

export interface Places {
  generation: number
  ids: string[]
  /** x, y of each id in turn */
  xy: Float32Array
  settled: boolean
}

let timer: ReturnType<typeof setTimeout> | undefined

self.onmessage = (event: MessageEvent<Request>) => {
  clearTimeout(timer)
  const { generation, input } = event.data
  const simulation = layout(input)
  const ids = input.nodes.map((node) => node.id)
  const step = () => {
    const until = performance.now() + 40
    while (performance.now() < until && simulation.alpha() > simulation.alphaMin()) simulation.tick()
    const settled = simulation.alpha() <= simulation.alphaMin()
    const xy = new Float32Array(ids.length * 2)
    for (const [index, body] of simulation.nodes().entries()) {
      xy[index * 2] = body.x ?? 0
      xy[index * 2 + 1] = body.y ?? 0
    }
    const places: Places = { generation, ids, xy, settled }
    self.postMessage(places, { transfer: [xy.buffer] })
    if (!settled) timer = setTimeout(step, 8)
  }
  step()
}
