/**
 * Our nftables table on a node of a network with a cluster, or with several paths: what protocol/render-firewall.ts writes, and company
 * for the rules of flannel, kube-proxy and others, which are on the same machine and know nothing of tunnels. Text for nft 1.0.6
 * (Debian 12) and later.
 *
 *   carry    A gateway carries for others without conntrack: the two directions of a flow may take two ways, and kube-proxy drops what
 *            conntrack then calls invalid. Without an entry flannel does not masquerade it either.
 *   keep     What leaves by a tunnel from this node or its pods gets its own address as its SNAT, just before `srcnat`: the first
 *            translation of a flow is its last, so pods arrive as they are, and a flow outlives a change of its interface, which
 *            kills a masqueraded one (nf_nat_oif_changed). Flows that kube-proxy has marked get the overlay address.
 *   lan      What goes on into a LAN behind this node leaves with the node's address there: nobody in that LAN knows a way to the overlay.
 *   talk     In a mesh, whom this machine talks to, counted by address: the server makes direct paths of it.
 *
 * With a policy a gateway judges for the devices it carries, which needs conntrack to know an answer: their packets are tracked, and keep
 * their address as its own pods do.
 */
import { formatAddress } from '../ip/address.ts'
import { comparePrefixes, formatPrefix, type Prefix } from '../ip/prefix.ts'
import type { NodePods } from '../paths/node-view.ts'

/** KUBE-MARK-MASQ. */
const KUBE_MARK = '0x4000'

/** What paths add; null in a hub of one gateway. */
export type PathCompany = {
  /** LANs behind this node. */
  readonly own: readonly Prefix[]
  /** LANs behind others. */
  readonly others: readonly Prefix[]
  /** What this machine says to whom in these is counted; empty outside of a mesh. */
  readonly talk: readonly Prefix[]
}

export function renderClusterFirewall(
  base: string,
  forwards: boolean,
  { own, cluster, ...rest }: NodePods,
  policy: { readonly access: string; readonly devices: readonly Prefix[] } = { access: '', devices: [] },
  paths: PathCompany | null = null,
): string {
  const lans = paths?.own ?? []
  const pods = { ...rest, own: [...own, ...lans], cluster: [...cluster, ...(paths?.others ?? [])] }
  const chains = [
    clamp(base),
    forwards ? carry(base, pods, policy.devices) : '',
    forwards || lans.length > 0 ? forward(base, forwards, pods) : '',
    own.length > 0 || paths ? keep(base, pods, policy.devices) : '',
    lans.length > 0 ? lan(base, lans, [...pods.overlay, ...cluster]) : '',
    paths && paths.talk.length > 0 ? talk(base, paths.talk) : '',
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

function forward(base: string, forwards: boolean, { own }: NodePods): string {
  const between = forwards ? `    iifname "${base}*" oifname "${base}*" accept\n` : ''
  return `  chain forward {
    type filter hook forward priority filter - 10; policy accept;
    ct state established,related accept
${between}${each(own, (family, set) => `    iifname "${base}*" ${family} daddr ${set} accept\n`)}    iifname "${base}*" ct status dnat accept
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

/** Each family by itself: a source of one never goes to a LAN of the other. */
function lan(base: string, lans: readonly Prefix[], sources: readonly Prefix[]): string {
  const from = (word: 'ip' | 'ip6') => sources.filter(({ family }) => (family === 4) === (word === 'ip'))
  return `  chain lan {
    type nat hook postrouting priority srcnat - 5; policy accept;
    oifname "${base}*" return
${each(lans, (family, set) => each(from(family), (_, froms) => `    ${family} saddr ${froms} ${family} daddr ${set} masquerade\n`))}  }
`
}

/** Most addresses that are remembered, and for how long after the last packet: so much memory and no more. */
const TALK = { size: 1024, timeout: '10m' } as const

function talk(base: string, to: readonly Prefix[]): string {
  const set = (name: string, type: string) => `  set ${name} {
    type ${type}
    size ${TALK.size}
    flags dynamic,timeout
    timeout ${TALK.timeout}
  }
`
  return `${set('talk4', 'ipv4_addr')}${set('talk6', 'ipv6_addr')}  chain talk {
    type filter hook postrouting priority filter; policy accept;
    oifname != "${base}*" return
${each(to, (family, set) => `    ${family} daddr ${set} update @${family === 'ip' ? 'talk4' : 'talk6'} { ${family} daddr counter }\n`)}  }
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
