import { isIP } from 'node:net'
import type { Cidr } from '../cidr.ts'

/** From the Kubernetes API server and controller manager. */
export function checkRanges(cluster: Cidr[], service: Cidr[], nodeIps: string[]): void {
  for (const { text, family, prefixLength } of service) {
    const [least, bits] = family === 4 ? [12, 32] : [108, 128]
    if (prefixLength < least)
      throw new Error(
        `specified --service-cluster-ip-range is too large; for ${bits}-bit addresses, the mask must be >= ${least}: ${text}`,
      )
  }
  const families = (list: Cidr[]) => list.map(({ family }) => family).join()
  if (families(cluster) !== families(service))
    throw new Error('cluster-cidr and service-cidr, must share the same IP version and order')
  const ofNodes = [...new Set(nodeIps.map((address) => isIP(address)))]
  if (ofNodes.length > 0 && !cluster.every(({ family }) => ofNodes.includes(family)))
    throw new Error('cluster-cidr: address family of node-ip and cluster-cidr, must share the same IP version')
  if (cluster[0] && cluster[0].family === 4 && cluster[0].prefixLength > 24)
    throw new Error(`invalid CIDR[0] ${cluster[0].text}: the node CIDR size is too big`)
}

export function checkPortRange(text: string): void {
  const [, from, to] = /^(\d+)[-+](\d+)$/.exec(text) ?? []
  if (from === undefined || Number(from) > Number(to) || Number(to) > 65_535)
    throw new Error(`invalid port range ${text}`)
}
