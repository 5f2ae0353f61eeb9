/**
 * The requests held open: one for each node credential at most. A newer one answers the older, which is of a script that was
 * killed or whose connection broke without us hearing of it.
 */
export type Outcome = 'woken' | 'timeout' | 'replaced' | 'gone'

export type Waiter = {
  readonly nodeId: string
  readonly networkId: string
  readonly epoch: number
  readonly view: string | null
}

export type WaitingRoom = {
  /** `signal` is the connection: aborted when the node hangs up. */
  wait(waiter: Waiter, holdMs: number, signal?: AbortSignal): Promise<Outcome>
  wake(nodeId: string): void
  of(networkId: string): Iterable<Waiter>
  readonly size: number
  /** Everybody goes home: the server ends. */
  close(): void
}

export function createWaitingRoom(): WaitingRoom {
  const held = new Map<string, { waiter: Waiter; leave(outcome: Outcome): void }>()
  const byNetwork = new Map<string, Map<string, Waiter>>()
  let isClosed = false

  return {
    wait(waiter, holdMs, signal) {
      const { nodeId, networkId } = waiter
      held.get(nodeId)?.leave('replaced')
      if (isClosed || signal?.aborted) return Promise.resolve('gone')
      return new Promise((resolve) => {
        const leave = (outcome: Outcome) => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', hungUp)
          if (held.get(nodeId) === entry) {
            held.delete(nodeId)
            const others = byNetwork.get(networkId)
            others?.delete(nodeId)
            if (others?.size === 0) byNetwork.delete(networkId)
          }
          resolve(outcome)
        }
        const hungUp = () => leave('gone')
        const entry = { waiter, leave }
        const timer = setTimeout(leave, holdMs, 'timeout')
        signal?.addEventListener('abort', hungUp)
        held.set(nodeId, entry)
        const others = byNetwork.get(networkId)
        if (others) others.set(nodeId, waiter)
        else byNetwork.set(networkId, new Map([[nodeId, waiter]]))
      })
    },
    wake: (nodeId) => held.get(nodeId)?.leave('woken'),
    // A copy: who is woken leaves while the list is walked.
    of: (networkId) => [...(byNetwork.get(networkId)?.values() ?? [])],
    get size() {
      return held.size
    },
    close() {
      isClosed = true
      for (const { leave } of [...held.values()]) leave('gone')
    },
  }
}
