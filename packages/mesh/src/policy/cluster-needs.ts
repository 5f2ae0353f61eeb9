/** What the machines and pods of a k3s cluster must be able to say to each other (docs.k3s.io/installation/requirements), as rules. */
import { ICMP, ICMPV6, type Service, TCP, UDP } from './service.ts'
import type { WorldCluster } from './world.ts'

export type ClusterNeed = {
  readonly id: 'api' | 'kubelet' | 'etcd' | 'pods' | 'dns' | 'vxlan'
  /** What stops when it is cut. */
  readonly loss: string
  readonly from: 'all' | 'nodes' | 'servers'
  readonly to: 'nodes' | 'servers' | 'pods'
  readonly services: readonly Service[]
  /** The rule that gives it. */
  readonly rule: string
}

export function clusterNeeds({ name, backend, datastore, nodes }: WorldCluster): readonly ClusterNeed[] {
  const hasPods = backend === 'host-gw'
  const servers = nodes.filter(({ role }) => role === 'server').length
  const everyone = hasPods ? `"cluster:${name}", "pods:${name}"` : `"cluster:${name}"`
  const from = hasPods ? 'all' : 'nodes'
  const needs: (ClusterNeed | false)[] = [
    {
      id: 'api',
      loss: 'without it nodes become NotReady and pods lose the Kubernetes API',
      from,
      to: 'servers',
      services: [tcp(6443)],
      rule: rule('tcp', everyone, `servers:${name}:6443`),
    },
    {
      id: 'kubelet',
      loss: 'without it kubectl logs, kubectl exec and metrics stop',
      from,
      to: 'nodes',
      services: [tcp(10_250)],
      rule: rule('tcp', everyone, `cluster:${name}:10250`),
    },
    datastore === 'etcd' &&
      servers > 1 && {
        id: 'etcd',
        loss: 'without it the servers lose their quorum and the cluster stops',
        from: 'servers',
        to: 'servers',
        services: [tcp(2379, 2380)],
        rule: rule('tcp', `"servers:${name}"`, `servers:${name}:2379-2380`),
      },
    hasPods && {
      id: 'dns',
      loss: 'without it pods find no names',
      from,
      to: 'pods',
      services: [tcp(53), { protocol: UDP, ports: [{ first: 53, last: 53 }] }],
      rule: rule(null, everyone, `pods:${name}:53`),
    },
    hasPods && {
      id: 'pods',
      loss: 'Kubernetes counts on every pod reaching every other; what it must not reach a NetworkPolicy says',
      from,
      to: 'pods',
      services: [TCP, UDP, ICMP, ICMPV6].map((protocol) => ({ protocol, ports: null })),
      rule: rule(null, everyone, `pods:${name}:*`),
    },
    backend === 'vxlan' && {
      id: 'vxlan',
      loss: 'without it no pod reaches a pod on another node',
      from: 'nodes',
      to: 'nodes',
      services: [{ protocol: UDP, ports: [{ first: 8472, last: 8472 }] }],
      rule: rule('udp', `"cluster:${name}"`, `cluster:${name}:8472`),
    },
  ]
  return needs.filter((need): need is ClusterNeed => need !== false)
}

const tcp = (first: number, last = first): Service => ({ protocol: TCP, ports: [{ first, last }] })

const rule = (protocol: string | null, sources: string, destination: string): string =>
  `{ "action": "accept",${protocol === null ? '' : ` "proto": "${protocol}",`} "src": [${sources}], "dst": ["${destination}"] }`
