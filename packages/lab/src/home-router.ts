export type NatKind = 'port-keeping' | 'random'

/**
 * What a home router does: it hides its LAN behind its one address and drops what nobody inside asked for. The drop on
 * the way in matters for the NAT itself: a packet that reaches the router's own stack makes a conntrack entry, the outgoing
 * one that collides with it then gets another port, and no hole can be punched any more.
 *
 * `port-keeping` gives a socket the same public port towards everybody while it is free (a "cone", RFC 4787 endpoint-
 * independent in effect); `random` gives each destination another one (a "hard" or symmetric NAT).
 */
export function renderRouterRules(nat: NatKind, forwards: readonly PortForward[]): string {
  const dnat = forwards.map((f) => `iifname "wan0" ${f.protocol} dport ${f.port} dnat to ${f.address}:${f.port}`)
  return `table inet home
delete table inet home
table inet home {
  chain forwards {
    type nat hook prerouting priority dstnat; policy accept;
    ${dnat.map((rule) => rule.replace('dnat to', 'dnat ip to')).join('\n    ')}
  }
  chain hide {
    type nat hook postrouting priority srcnat; policy accept;
    oifname "wan0" masquerade${nat === 'random' ? ' fully-random' : ''}
  }
  chain to_router {
    type filter hook input priority filter; policy accept;
    iifname "wan0" ct state established,related accept
    iifname "wan0" counter drop
  }
  chain through_router {
    type filter hook forward priority filter; policy accept;
    iifname "wan0" ct state established,related accept
    iifname "wan0" ct status dnat accept
    iifname "wan0" counter drop
  }
}
`
}

export type PortForward = { protocol: 'udp' | 'tcp'; port: number; address: string }
