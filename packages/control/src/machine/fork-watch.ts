import { detectFork, type Fork, type Instances, type Sighting } from './detect-fork.ts'

export type ForkWatch = {
  see(nodeId: string, sighting: Sighting): Fork | null
  forget(nodeId: string): void
}

/** The instances of each node that this process has seen of late. */
export function createForkWatch(): ForkWatch {
  const seen = new Map<string, Instances>()
  return {
    see(nodeId, sighting) {
      const { instances, fork } = detectFork(seen.get(nodeId) ?? [], sighting)
      seen.set(nodeId, instances)
      return fork
    },
    forget: (nodeId) => void seen.delete(nodeId),
  }
}
