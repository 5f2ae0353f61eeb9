/** What a change of settings changes in a node's drop-in, key by key, and what that means for a node that runs. */
import type { ConfigEntry, ConfigValue } from './config-entries.ts'

export type ConfigChange = {
  readonly key: string
  /** As people read it; null when the key is not there. */
  readonly before: string | null
  readonly after: string | null
  readonly effect: ChangeEffect
  readonly note: string | null
}

/**
 *  restart  taken when k3s starts again; pods go on meanwhile
 *  cut      as restart, and pods cannot reach each other until all nodes have it
 *  api      k3s reads it only when the node registers: Spanwire sets it through the API
 *  never    Kubernetes or etcd remember the old value: the cluster, or the node, has to be made anew
 */
export type ChangeEffect = 'restart' | 'cut' | 'api' | 'never'

const EFFECTS: Readonly<Record<string, readonly [ChangeEffect, string]>> = {
  'node-name': ['never', 'Kubernetes would take it for another node. Remove the node and add it again.'],
  'node-ip': ['never', 'etcd and certificates remember the address. Remove the node and add it again.'],
  'cluster-cidr': ['never', 'Nodes have their pod ranges from the old one. Make a new cluster.'],
  'service-cidr': ['never', 'Services have their addresses from the old one. Make a new cluster.'],
  'cluster-domain': ['never', 'Names inside of running pods would end otherwise. Make a new cluster.'],
  'cluster-init': ['never', 'The datastore of a cluster cannot be changed here. Make a new cluster.'],
  'secrets-encryption-provider': [
    'never',
    'Keys are changed with "k3s secrets-encrypt rotate-keys" on one server, not by a setting alone.',
  ],
  'secrets-encryption': ['never', 'It is switched with "k3s secrets-encrypt" on one server, not by a setting alone.'],
  'flannel-backend': [
    'cut',
    'Nodes with different backends do not reach each other: pods are cut off between the first node and the last.',
  ],
  'flannel-iface': ['cut', 'Nodes on different interfaces do not reach each other until all have it.'],
  'cluster-dns': ['cut', 'Pods that run keep the old name server until they are started again.'],
  'node-label': ['api', 'k3s gives labels only when a node registers.'],
  'node-taint': ['api', 'k3s gives taints only when a node registers.'],
}

/** In the order of their names; empty when nothing changes. */
export function configDiff(before: readonly ConfigEntry[], after: readonly ConfigEntry[]): ConfigChange[] {
  const old = new Map(before.map(({ key, value }) => [key, show(value)]))
  const next = new Map(after.map(({ key, value }) => [key, show(value)]))
  const keys = [...new Set([...old.keys(), ...next.keys()])].sort()
  return keys.flatMap((key) => {
    const [from, to] = [old.get(key) ?? null, next.get(key) ?? null]
    if (from === to) return []
    const [effect, note] = EFFECTS[key] ?? (['restart', null] as const)
    return [{ key, before: from, after: to, effect, note }]
  })
}

const show = (value: ConfigValue): string => (typeof value === 'object' ? value.join(', ') : String(value))
