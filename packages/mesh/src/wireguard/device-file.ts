/**
 * The file on a laptop or phone, which nobody can change from here: what it was given last, held against what it should be now. Its
 * private key stands in neither.
 */
export type DeviceFile = {
  readonly addresses: readonly string[]
  readonly mtu: number
  readonly peer: {
    readonly name: string
    readonly publicKey: string
    readonly endpoint: string
    readonly allowedIps: readonly string[]
    readonly keepaliveSeconds: number
  }
}

/** What has changed since, the worst first; each a part of a sentence. Empty: the file is as it should be. */
export function fileChanges(given: DeviceFile, wanted: DeviceFile): string[] {
  const [old, now] = [given.peer, wanted.peer]
  const changes: string[] = []
  if (old.publicKey !== now.publicKey)
    changes.push(
      old.name === now.name ? `${now.name} has another key` : `${now.name} is the gateway, no longer ${old.name}`,
    )
  if (old.endpoint !== now.endpoint && old.publicKey === now.publicKey)
    changes.push(`${now.name} is reached at ${now.endpoint}, no longer at ${old.endpoint}`)
  if (given.addresses.join() !== wanted.addresses.join())
    changes.push(`its addresses are ${wanted.addresses.join(', ')}, no longer ${given.addresses.join(', ')}`)
  const [more, less] = [without(now.allowedIps, old.allowedIps), without(old.allowedIps, now.allowedIps)]
  if (more.length > 0) changes.push(`the tunnel leads to ${more.join(', ')} too`)
  if (less.length > 0) changes.push(`the tunnel leads to ${less.join(', ')} no more`)
  if (given.mtu !== wanted.mtu) changes.push(`the MTU is ${wanted.mtu}, no longer ${given.mtu}`)
  if (old.keepaliveSeconds !== now.keepaliveSeconds)
    changes.push(`it sends a keepalive every ${now.keepaliveSeconds} s, no longer every ${old.keepaliveSeconds} s`)
  return changes
}

const without = (all: readonly string[], those: readonly string[]): string[] =>
  all.filter((each) => !those.includes(each))
