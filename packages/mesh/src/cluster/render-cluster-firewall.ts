/**
 * Our nftables table on a node of a network with a cluster: what protocol/render-firewall.ts writes, and company for the rules of
 * flannel and kube-proxy, which are on the same machine and know nothing of tunnels. Text for nft 1.0.6 (Debian 12) and later.
 *
 *   carry    A gateway carries for others without conntrack: the two directions of a flow may take two ways, and kube-proxy drops what
 *            conntrack then calls invalid. Without an entry flannel does not masquerade it either.
 *   keep     What leaves by a tunnel from this node or its pods gets its own address as its SNAT, just before `srcnat`: the first
 *            translation of a flow is its last, so pods arrive as they are, and a flow outlives a change of its interface, which
 *            kills a masqueraded one (nf_nat_oif_changed). Flows that kube-proxy has marked get the overlay address.
 *
 * With a policy a gateway judges for the devices it carries, which needs conntrack to know an answer: their packets are tracked, and keep
 * their address as its own pods do.
 */
import { formatAddress } from '../ip/address.ts'
import { comparePrefixes, formatPrefix, type Prefix } from '../ip/prefix.ts'
import type { NodePods } from '../paths/node-view.ts'

/** KUBE-MARK-MASQ. */
const KUBE_MARK = '0x4000'

export function renderClusterFirewall(
  base: string,
  forwards: boolean,
  pods: NodePods,
  policy: { readonly access: string; readonly devices: readonly Prefix[] } = { access: '', devices: [] },
): string {
  const chains = [
    clamp(base),
    forwards ? carry(base, pods, policy.devices) + forward(base, pods) : '',
    pods.own.length > 0 ? keep(base, pods, policy.devices) : '',
    policy.access,
  ]
  return `add table inet spanwire\ndelete table inet spanwire\ntable inet spanwire {\n${chains.join('')}}\n`
}

const clamp = (base: string): string => `  chain clamp {
    type filter hook forward priority mangle; policy accept;
    oifname "${base}*" tcp flags syn / syn,rst tcp option maxseg size set rt mtu
  }
`

function carry(base: string, { overlay, cluster, own }: NodePods, devices: readonly Prefix[]): string {
  return `  chain carry {
    type filter hook prerouting priority raw; policy accept;
    iifname != "${base}*" return
    fib daddr type local return
${each(own, (family, set) => `    ${family} daddr ${set} return\n`)}${each(devices, (family, set) => `    ${family} saddr ${set} return\n    ${family} daddr ${set} return\n`)}${each([...overlay, ...cluster], (family, set) => `    ${family} daddr ${set} notrack\n`)}  }
`
}

function forward(base: string, { own }: NodePods): string {
  return `  chain forward {
    type filter hook forward priority filter - 10; policy accept;
    ct state established,related accept
    iifname "${base}*" oifname "${base}*" accept
${each(own, (family, set) => `    iifname "${base}*" ${family} daddr ${set} accept\n`)}    iifname "${base}*" ct status dnat accept
    iifname "${base}*" counter drop
  }
`
}

function keep(base: string, { own, address4, address6, overlay }: NodePods, devices: readonly Prefix[]): string {
  const [four, six] = [formatAddress(address4), formatAddress(address6)]
  const ula = overlay.filter(({ family }) => family === 6)
  return `  chain keep {
    type nat hook postrouting priority srcnat - 5; policy accept;
    oifname != "${base}*" return
    meta nfproto ipv4 meta mark & ${KUBE_MARK} == ${KUBE_MARK} snat ip to ${four}
    meta nfproto ipv6 meta mark & ${KUBE_MARK} == ${KUBE_MARK} snat ip6 to ${six}
    ip saddr ${four} snat ip to ${four}
${each([...own, ...ula, ...devices.filter(({ family }) => family === 4)], (family, set) => `    ${family} saddr ${set} snat ${family} to ${family} saddr\n`)}  }
`
}

/** A line for each family that is there, IPv4 first; same prefixes, same bytes. */
function each(prefixes: readonly Prefix[], line: (family: 'ip' | 'ip6', set: string) => string): string {
  return ([4, 6] as const)
    .map((family) => {
      const of = prefixes.filter((prefix) => prefix.family === family).sort(comparePrefixes)
      return of.length === 0 ? '' : line(family === 4 ? 'ip' : 'ip6', `{ ${of.map(formatPrefix).join(', ')} }`)
    })
    .join('')
}
