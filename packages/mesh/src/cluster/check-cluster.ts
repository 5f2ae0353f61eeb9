/**
 * Whether a cluster can be what its settings say, before any machine is told. The browser shows the same findings beside the form
 * that the server refuses by.
 */
import { parseAddress } from '../ip/address.ts'
import type { Prefix } from '../ip/prefix.ts'
import { parseDnsLabel } from '../names/dns-label.ts'
import { MIN_IPV6_MTU, podMtu } from '../wireguard/mtu.ts'
import { checkExtraArguments } from './check-extra-arguments.ts'
import { checkRanges, type TakenRange } from './check-ranges.ts'
import { checkRelease } from './check-release.ts'
import { checkSources } from './check-sources.ts'
import { type ClusterFinding, refuse, warn } from './cluster-finding.ts'
import { type ClusterSettings, COMPONENTS } from './cluster-settings.ts'
import { findFlag, hasFlag, sinceText } from './k3s-flags.ts'
import type { K3sVersion } from './version.ts'

export type ClusterContext = {
  readonly overlay4: Prefix
  readonly ula: Prefix
  /** MTU of the network. */
  readonly mtu: number
  /** LANs, Docker's and other VPNs' ranges of the network's nodes, other clusters' ranges: all that is known. */
  readonly taken: readonly TakenRange[]
  /** How many there are to be, those included that wait to join. */
  readonly servers: number
  readonly nodes: number
}

export function checkCluster(settings: ClusterSettings, context: ClusterContext): ClusterFinding[] {
  const release = checkRelease(settings.release)
  const taken: TakenRange[] = [
    { prefix: context.overlay4, by: "the network's own range" },
    { prefix: context.ula, by: "the network's own range" },
    ...context.taken,
  ]
  return [
    ...checkNames(settings),
    ...release.findings,
    ...checkRanges(settings, taken, context.nodes),
    ...checkFlannel(settings, context),
    ...checkDatastore(settings, context.servers),
    ...checkEncryption(settings.secretsEncryption, release.version),
    ...checkSources(settings),
    ...checkExtraArguments(settings.extraServer, 'server', release.version),
    ...checkExtraArguments(settings.extraAgent, 'agent', release.version),
  ]
}

function checkNames(settings: ClusterSettings): ClusterFinding[] {
  const findings: ClusterFinding[] = []
  const name = parseDnsLabel(settings.name, 'cluster name')
  if (!name.ok) findings.push(refuse('name', name.error.message, `Write "${name.error.suggestion}".`))
  if (!isDomain(settings.clusterDomain)) {
    findings.push(
      refuse(
        'clusterDomain',
        `${JSON.stringify(settings.clusterDomain.slice(0, 60))} is no domain`,
        'Write cluster.local unless something in the cluster needs another.',
      ),
    )
  }
  for (const san of settings.tlsSans) {
    if (!parseAddress(san).ok && !isDomain(san)) {
      findings.push(
        refuse(
          'tlsSans',
          `${JSON.stringify(san.slice(0, 60))} is neither an address nor a name`,
          'Write it like k3s.example.org or 203.0.113.7.',
        ),
      )
    }
  }
  const unknown = settings.disable.filter((component) => !(COMPONENTS as readonly string[]).includes(component))
  if (unknown.length > 0)
    findings.push(
      refuse('disable', `k3s has no component ${unknown.join(', ')}`, `Choose from ${COMPONENTS.join(', ')}.`),
    )
  return findings
}

function checkFlannel(settings: ClusterSettings, { mtu }: ClusterContext): ClusterFinding[] {
  const findings: ClusterFinding[] = []
  const backend: string = settings.flannelBackend
  if (backend === 'wireguard-native') {
    findings.push(
      refuse(
        'flannelBackend',
        'wireguard-native would wrap pods in WireGuard a second time, take our UDP port 51820, carry pods but not nodes, and need nodes that reach each other without us',
        'Choose host-gw: pods then travel in our tunnels as they are.',
      ),
    )
  } else if (!['host-gw', 'vxlan', 'none'].includes(backend)) {
    findings.push(
      refuse(
        'flannelBackend',
        `k3s has no flannel backend ${JSON.stringify(backend.slice(0, 40))}`,
        'Choose host-gw, vxlan, or none with a CNI of your own.',
      ),
    )
  }
  if (backend === 'host-gw' && settings.flannelExternalIp) {
    findings.push(
      refuse(
        'flannelExternalIp',
        'host-gw sends to the address of the tunnel, and external addresses are others: flannel refuses to start',
        'Switch it off, or choose vxlan.',
      ),
    )
  }
  if (settings.flannelIpv6Masq && settings.podRange6 === null) {
    findings.push(
      refuse(
        'flannelIpv6Masq',
        'IPv6 of pods cannot be masqueraded: they have none',
        'Switch it off, or give pods an IPv6 range.',
      ),
    )
  }
  if (backend === 'vxlan') {
    const pods = podMtu(mtu, settings.podRange6 === null ? 'vxlan' : 'vxlan-ipv6')
    const isTooSmall = settings.podRange6 !== null && pods < MIN_IPV6_MTU
    if (isTooSmall)
      findings.push(
        refuse(
          'flannelBackend',
          `vxlan leaves pods an MTU of ${pods}, and IPv6 needs ${MIN_IPV6_MTU}`,
          'Choose host-gw, which takes nothing off, or a network with a larger MTU.',
        ),
      )
    else
      findings.push(
        warn(
          'flannelBackend',
          `vxlan wraps each packet of a pod a second time: its MTU is ${pods} instead of ${mtu}`,
          'Choose host-gw unless something else needs vxlan.',
        ),
      )
  }
  return findings
}

function checkDatastore(
  { datastore, embeddedRegistry, registryMirrors }: ClusterSettings,
  servers: number,
): ClusterFinding[] {
  const findings: ClusterFinding[] = []
  if (datastore === 'sqlite' && servers > 1) {
    findings.push(
      refuse(
        'datastore',
        `SQLite is a file of one server, and there are ${servers}`,
        'Choose embedded etcd or an external datastore, or make the others agents.',
      ),
    )
  }
  if (datastore === 'etcd' && servers > 0 && servers % 2 === 0) {
    findings.push(
      warn(
        'datastore',
        `${servers} servers with etcd bear the loss of ${servers / 2 - 1}, no more than ${servers - 1} do`,
        `Make it ${servers + 1}, or ${servers - 1}.`,
      ),
    )
  }
  if (embeddedRegistry && registryMirrors.length === 0) {
    findings.push(
      warn(
        'embeddedRegistry',
        'without a mirrored registry no image is shared',
        'Add the registries to share, or "*" for all.',
      ),
    )
  }
  return findings
}

function checkEncryption(
  encryption: ClusterSettings['secretsEncryption'],
  version: Pick<K3sVersion, 'minor' | 'patch'> | null,
) {
  const provider = findFlag('secrets-encryption-provider')
  if (encryption !== 'secretbox' || !provider || hasFlag(provider, version)) return []
  return [
    refuse('secretsEncryption', `secretbox came with k3s ${sinceText(provider)}`, 'Choose aescbc, or a newer release.'),
  ]
}

const isDomain = (text: string): boolean =>
  text.length <= 253 && text.split('.').every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label))
