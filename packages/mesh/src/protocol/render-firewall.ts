/**
 * The node's own nftables table: added, deleted, added, so that one load replaces it as a whole and nobody else's rules are touched.
 * Text for nft 1.0.6 (Debian 12) and later.
 *
 * A gateway is made to forward by us, so it is for us to see that it forwards inside of the overlay only: without the last rule, a
 * node could send through it into the gateway's own LAN. What somebody else's port forwarding or masquerading does stays possible.
 *
 * `access` are the chains of the network's policy (policy/render-access.ts): in the same table, so that one load replaces all or nothing.
 */
export function renderFirewall(base: string, forwards: boolean, access = ''): string {
  // Without the clamp, TCP from a LAN of 1500 through a tunnel of 1420 stalls wherever ICMP is dropped on the way.
  const clamp = `  chain clamp {
    type filter hook forward priority mangle; policy accept;
    oifname "${base}*" tcp flags syn / syn,rst tcp option maxseg size set rt mtu
  }
`
  const forward = `  chain forward {
    type filter hook forward priority filter - 10; policy accept;
    ct state established,related accept
    iifname "${base}*" oifname "${base}*" accept
    iifname "${base}*" ct status dnat accept
    iifname "${base}*" counter drop
  }
`
  return `add table inet spanwire\ndelete table inet spanwire\ntable inet spanwire {\n${clamp}${forwards ? forward : ''}${access}}\n`
}
