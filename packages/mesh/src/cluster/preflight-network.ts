/** Findings about the machine's place in the network: ranges, UDP, MTU, ports, host firewall. */
import { formatAddress } from '../ip/address.ts'
import { contains, formatPrefix, overlaps, type Prefix, parsePrefix } from '../ip/prefix.ts'
import type { TakenRange } from './check-ranges.ts'
import type { ClusterSettings } from './cluster-settings.ts'
import { found, type PreflightFinding } from './preflight-codes.ts'
import type { PreflightContext } from './preflight-context.ts'
import type { LocalRange, PreflightFacts } from './preflight-facts.ts'

/** Outer headers of our tunnel over IPv4, the least that is taken off: a path that does not bear even that breaks packets. */
const OUTER = 60

export function preflightNetwork(facts: PreflightFacts, context: PreflightContext): PreflightFinding[] {
  return [
    ...overlapsHere(facts, context),
    ...overlapsElsewhere(context),
    ...way(facts, context),
    ...ports(facts, context),
    ...firewall(facts),
    ...ipv6Filter(facts),
  ]
}

/** Ours: the network's, and the cluster's when the machine is to be in it. */
function wantedRanges({ network, join }: PreflightContext): TakenRange[] {
  const of = (text: string | null, by: string): TakenRange[] => {
    const parsed = text === null ? null : parsePrefix(text)
    return parsed?.ok ? [{ prefix: parsed.value, by }] : []
  }
  return [
    { prefix: network.overlay4, by: 'the overlay' },
    { prefix: network.ula, by: 'the overlay' },
    ...(join ? clusterRanges(join.cluster, of) : []),
  ]
}

const clusterRanges = (
  cluster: ClusterSettings,
  of: (text: string | null, by: string) => TakenRange[],
): TakenRange[] => [
  ...of(cluster.podRange4, 'the pods'),
  ...of(cluster.podRange6, 'the pods'),
  ...of(cluster.serviceRange4, 'the services'),
  ...of(cluster.serviceRange6, 'the services'),
]

function overlapsHere(facts: PreflightFacts, context: PreflightContext): PreflightFinding[] {
  const wanted = wantedRanges(context)
  const findings = new Map<string, PreflightFinding>()
  for (const local of facts.ranges) {
    if (isOurs(local, facts.isK3sOurs, context.network.interfaceName) || local.prefix.length === 0) continue
    const met = wanted.find(({ prefix }) => overlaps(prefix, local.prefix))
    if (!met || isOfItsPods(local, context)) continue
    const what = `${formatPrefix(local.prefix)}, which ${WHOSE[local.kind]} ${local.name}`
    // An address and the route that its interface gives are one matter.
    const key = `${met.by} ${formatPrefix(local.prefix)}`
    if (findings.has(key)) continue
    const evidence = `${local.kind} ${formatPrefix(local.prefix)} ${local.name}`
    const isWider = (local.kind === 'route' || local.kind === 'vpn') && local.prefix.length < met.prefix.length
    const finding = found(
      'range-overlap',
      isWider
        ? `the range of ${met.by}, ${formatPrefix(met.prefix)}, hides a part of ${what} uses here`
        : `the range of ${met.by}, ${formatPrefix(met.prefix)}, meets ${what} uses here`,
      evidence,
    )
    // Our narrower route wins over it, so the cluster works; what was behind that part is gone.
    findings.set(key, isWider ? { ...finding, severity: 'warning', blocks: false } : finding)
  }
  return [...findings.values()]
}

const WHOSE: Readonly<Record<LocalRange['kind'], string>> = {
  route: 'a route through',
  address: 'the interface',
  docker: "Docker's network",
  vpn: 'the VPN',
}

/** What a machine uses for itself: a cluster must not take it from any other either. */
export const foreignRanges = (facts: PreflightFacts, interfaceName: string): LocalRange[] =>
  facts.ranges.filter((range) => range.prefix.length > 0 && !isOurs(range, facts.isK3sOurs, interfaceName))

/** Our own tunnels, and the bridge and routes of a k3s that is ours. */
function isOurs({ name, kind }: LocalRange, isK3sOurs: boolean | null, interfaceName: string): boolean {
  if (kind === 'docker') return false
  if (name.startsWith(interfaceName) && /^(b|d|g[0-9]+)?$/.test(name.slice(interfaceName.length))) return true
  return isK3sOurs === true && /^(cni0|flannel[.-]|flannel-|kube-|veth|lo$)/.test(name)
}

/** Where another CNI than flannel is at work, nobody but it knows the names of its interfaces. */
function isOfItsPods({ kind, prefix }: LocalRange, { join }: PreflightContext): boolean {
  if (!join?.isRunning || join.cluster.flannelBackend !== 'none' || kind === 'docker') return false
  return [join.cluster.podRange4, join.cluster.podRange6].some((text) => {
    const pods = text === null ? null : parsePrefix(text)
    return pods?.ok === true && contains(pods.value, prefix)
  })
}

function overlapsElsewhere(context: PreflightContext): PreflightFinding[] {
  const cluster = wantedRanges({ ...context }).filter(({ by }) => by !== 'the overlay')
  return context.elsewhere.flatMap(({ prefix, by }: { prefix: Prefix; by: string }) => {
    const met = cluster.find((range) => overlaps(range.prefix, prefix))
    return met
      ? [
          found(
            'range-overlap-elsewhere',
            `the range of ${met.by}, ${formatPrefix(met.prefix)}, meets ${formatPrefix(prefix)}, ${by}`,
            `${formatPrefix(prefix)} ${by}`,
          ),
        ]
      : []
  })
}

function way(
  { udpGateway, nat, pathMtu, linkMtu }: PreflightFacts,
  { network, isGateway }: PreflightContext,
): PreflightFinding[] {
  const findings: PreflightFinding[] = []
  if (udpGateway === 'no-answer' && !isGateway)
    findings.push(found('udp-blocked', 'nothing comes back from the gateway by UDP', 'udp-gateway no-answer'))
  const carried = pathMtu ?? linkMtu
  if (carried !== null && carried - OUTER < network.mtu) {
    const measured =
      pathMtu === null ? `the link of this machine carries ${linkMtu}` : `the way to the gateway carries ${pathMtu}`
    findings.push(
      found(
        'mtu-low',
        `${measured} bytes, which leaves ${carried - OUTER} for the tunnel, and the network has ${network.mtu}`,
        pathMtu === null ? `link-mtu ${linkMtu}` : `path-mtu ${pathMtu}`,
      ),
    )
  }
  if (nat === 'hard' && !isGateway)
    findings.push(
      found(
        'nat-hard',
        'the NAT in front of this machine gives it another port for each peer, so nobody can call it directly',
        'nat hard',
      ),
    )
  return findings
}

type Port = { readonly protocol: 'tcp' | 'udp'; readonly port: number; readonly use: string }

/** docs.k3s.io, "Requirements": inbound rules and local ports. */
function portsOf({ role, cluster }: NonNullable<PreflightContext['join']>): Port[] {
  const tcp = (port: number, use: string): Port => ({ protocol: 'tcp', port, use })
  const ports = [
    tcp(10250, 'kubelet'),
    tcp(10248, 'kubelet'),
    tcp(10249, 'kube-proxy'),
    tcp(10256, 'kube-proxy'),
    tcp(10010, 'containerd'),
    tcp(6444, 'the local way to the API'),
  ]
  if (role === 'server')
    ports.push(
      tcp(6443, 'the API server'),
      tcp(10257, 'the controller manager'),
      tcp(10258, 'the cloud controller'),
      tcp(10259, 'the scheduler'),
    )
  if (role === 'server' && cluster.datastore === 'etcd')
    ports.push(tcp(2379, 'etcd'), tcp(2380, 'etcd'), tcp(2381, 'etcd'), tcp(2382, 'etcd'))
  if (cluster.flannelBackend === 'vxlan') ports.push({ protocol: 'udp', port: 8472, use: 'VXLAN' })
  if (cluster.embeddedRegistry) ports.push(tcp(5001, 'the embedded registry'))
  return ports
}

function ports(facts: PreflightFacts, { join, isControlPlane, isGateway }: PreflightContext): PreflightFinding[] {
  if (!join) return []
  const wanted = join.isRunning ? [] : portsOf(join)
  const findings: PreflightFinding[] = []
  const others = facts.listeners.filter(
    ({ program }) => !(facts.isK3sOurs && /^(k3s|containerd|kubelet|etcd)/.test(program)),
  )
  for (const { protocol, port, program, address } of others) {
    const use = wanted.find((each) => each.protocol === protocol && each.port === port)
    const evidence = `listen ${protocol} ${formatAddress(address)} ${port} ${program}`
    if (use)
      findings.push(
        found(
          'port-in-use',
          `${program} listens on ${protocol.toUpperCase()} ${port}, which ${use.use} needs`,
          evidence,
        ),
      )
    else if (protocol === 'tcp' && (port === 80 || port === 443) && takesWebPorts(join.cluster)) {
      const who = isControlPlane ? 'this Spanwire server' : program
      const roles = isControlPlane ? ` It is control plane${isGateway ? ', gateway' : ''} and k3s at once.` : ''
      findings.push(
        found(
          'servicelb-takes-web-ports',
          `${who} is reached here at port ${port}, and ServiceLB of k3s would take that port from it.${roles}`,
          evidence,
        ),
      )
    }
  }
  return findings
}

/** Traefik is a LoadBalancer service on 80 and 443, and ServiceLB gives it these ports of every node. */
const takesWebPorts = ({ disable }: ClusterSettings): boolean =>
  !disable.includes('servicelb') && !disable.includes('traefik')

function firewall({ firewall: rules }: PreflightFacts): PreflightFinding[] {
  return rules.map(({ tool, chain, verdict, what, rule }) => {
    const does = verdict === 'drop' ? 'drops' : 'rejects'
    return found(
      'host-firewall',
      `${tool} ${does} ${what === 'overlay' ? 'the overlay' : `the cluster's ${what}`} in its ${chain} rules`,
      rule,
    )
  })
}

/** Two ends that choose their ways by themselves may use two tunnels, one for each direction. */
const ipv6Filter = ({ isIpv6FilterStrict }: PreflightFacts): PreflightFinding[] =>
  isIpv6FilterStrict
    ? [
        found(
          'ipv6-filter-strict',
          'firewalld drops IPv6 that comes by another interface than the answer would leave by, as it may when two ends choose their ways by themselves',
          'ipv6-rpfilter strict',
        ),
      ]
    : []
