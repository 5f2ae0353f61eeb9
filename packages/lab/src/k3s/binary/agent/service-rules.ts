import { createHash } from 'node:crypto'
import type { KubeObject } from '../server/kube-object.ts'
import type { Chains } from './iptables.ts'

type ServicePort = { name?: string; port: number; protocol?: string; nodePort?: number }
type Subset = { addresses?: { ip: string }[]; ports?: { name?: string; port: number }[] }

/** The chains of table nat for every port of every service with a ClusterIP; `rejects` is for those without endpoints. */
export function serviceRules(
  services: KubeObject[],
  endpoints: KubeObject[],
  clusterCidr: string,
): { nat: Chains; rejects: string[] } {
  const nat: Chains = { 'KUBE-SERVICES': [], 'KUBE-NODEPORTS': [] }
  const rejects: string[] = []
  const add = (chain: string, rule: string) => {
    nat[chain] = [...(nat[chain] ?? []), rule]
  }
  for (const { metadata, spec } of services.filter(({ spec }) => /^[\d.]+$/.test(spec?.clusterIP ?? ''))) {
    const subsets: Subset[] =
      endpoints.find((each) => each.metadata.name === metadata.name && each.metadata.namespace === metadata.namespace)
        ?.subsets ?? []
    for (const { name, port, protocol = 'TCP', nodePort } of spec.ports as ServicePort[]) {
      const portName = `${metadata.namespace}/${metadata.name}${name ? `:${name}` : ''}`
      const proto = protocol.toLowerCase()
      const to = `-m ${proto} -p ${proto} -d ${spec.clusterIP} --dport ${port}`
      const targets = targetsOf(subsets, name)
      if (targets.length === 0) {
        rejects.push(`-m comment --comment "${portName} has no endpoints" ${to} -j REJECT`)
        continue
      }
      const service = `KUBE-SVC-${hash(portName + proto)}`
      add('KUBE-SERVICES', `-m comment --comment "${portName} cluster IP" ${to} -j ${service}`)
      add(service, `-m comment --comment "${portName} cluster IP" ${to} ! -s ${clusterCidr} -j KUBE-MARK-MASQ`)
      if (nodePort !== undefined) {
        const external = `KUBE-EXT-${hash(portName + proto)}`
        add(
          'KUBE-NODEPORTS',
          `-m comment --comment "${portName}" -m ${proto} -p ${proto} --dport ${nodePort} -j ${external}`,
        )
        add(
          external,
          `-m comment --comment "masquerade traffic for ${portName} external destinations" -j KUBE-MARK-MASQ`,
        )
        add(external, `-j ${service}`)
      }
      targets.forEach((target, n) => {
        const endpoint = `KUBE-SEP-${hash(portName + proto + target)}`
        const share = (1 / (targets.length - n)).toFixed(10)
        const spread = n < targets.length - 1 ? `-m statistic --mode random --probability ${share} ` : ''
        add(service, `-m comment --comment "${portName} -> ${target}" ${spread}-j ${endpoint}`)
        add(endpoint, `-m comment --comment "${portName}" -s ${target.replace(/:.*/, '')} -j KUBE-MARK-MASQ`)
        add(endpoint, `-m comment --comment "${portName}" -m ${proto} -p ${proto} -j DNAT --to-destination ${target}`)
      })
    }
  }
  add(
    'KUBE-SERVICES',
    '-m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS',
  )
  return { nat, rejects }
}

function targetsOf(subsets: Subset[], name: string | undefined): string[] {
  return subsets.flatMap(({ addresses = [], ports = [] }) => {
    const port = ports.find((each) => (each.name ?? '') === (name ?? ''))?.port
    return port === undefined ? [] : addresses.map(({ ip }) => `${ip}:${port}`)
  })
}

/** portProtoHash: the first 16 characters of the base32 of a SHA-256. KUBE-SVC-NPX46M4PTMTKRN6Y is `kubernetes` anywhere. */
export function hash(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const digest = createHash('sha256').update(text).digest()
  const bits = [...digest.subarray(0, 10)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return Array.from({ length: 16 }, (_, n) => alphabet[Number.parseInt(bits.slice(n * 5, n * 5 + 5), 2)]).join('')
}
