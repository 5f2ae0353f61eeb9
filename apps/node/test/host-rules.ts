import { applyHostFirewall, type HostFirewall } from '@spanwire/lab/host-firewall'
import { K3sHost } from '@spanwire/lab/k3s/k3s-host'
import type { Machine } from './machine.ts'
import { until } from './until.ts'

/** Rules that a machine brings along, or gets while we are on it. */
export type HostRules = {
  readonly load: (machine: Machine) => Promise<unknown>
  /** Prints what of them must stay as it is. */
  readonly list: string
  /** From outside of the tunnel ssh alone comes in. */
  readonly onlySsh: boolean
}

/** As the machine's `iptables`, which is iptables-nft here. */
const ofLab = (name: HostFirewall, onlySsh = true): HostRules => ({
  load: ({ host }) => applyHostFirewall(host, name),
  list: 'iptables-save; ip6tables-save',
  onlySsh,
})

/** Where `iptables` is iptables-legacy, as on Debian 10 and in many images of cloud providers. */
const LEGACY = `for tool in iptables ip6tables; do
  for name in $tool $tool-save $tool-restore; do ln -sf "/usr/sbin/$tool-legacy\${name#"$tool"}" "/usr/local/bin/$name"; done
done
iptables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
iptables -A INPUT -j REJECT --reject-with icmp-host-prohibited
iptables -A FORWARD -j REJECT --reject-with icmp-host-prohibited`

/** What firewalld 1.x makes of its public zone, shortened to the chains that decide. It knows nothing of WireGuard's port. */
const FIREWALLD = `table inet firewalld {
  chain filter_INPUT {
    type filter hook input priority filter + 10; policy accept;
    ct state { established, related } accept
    iifname "lo" accept
    jump filter_INPUT_ZONES
    ct state invalid drop
    reject with icmpx admin-prohibited
  }
  chain filter_FORWARD {
    type filter hook forward priority filter + 10; policy accept;
    ct state { established, related } accept
    iifname "lo" accept
    ct state invalid drop
    reject with icmpx admin-prohibited
  }
  chain filter_INPUT_ZONES {
    goto filter_IN_public
  }
  chain filter_IN_public {
    tcp dport 22 accept
    meta l4proto { icmp, ipv6-icmp } accept
  }
}
`

/** As Debian's /etc/nftables.conf is written by hand for a server. */
const PLAIN_NFT = `table inet filter {
  chain input {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    iifname "lo" accept
    meta l4proto { icmp, ipv6-icmp } accept
    tcp dport 22 accept
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
  }
}
`

const ofNft = (text: string, table: string): HostRules => ({
  load: ({ host }) => host.output(['nft', '-f', '-'], { stdin: text }),
  list: `nft list table ${table}`,
  onlySsh: true,
})

/** k3s with its kube-proxy, flannel and kube-router, which put their chains in front, on a machine that has rules already. */
const k3sOver = (under: HostRules): HostRules => ({
  load: async (machine) => {
    await under.load(machine)
    const { host } = machine
    await new K3sHost(host).place()
    host.spawn('exec k3s server --flannel-backend host-gw --disable traefik --disable servicelb >/var/log/k3s.log 2>&1')
    const ours = (await host.exec('iptables -S | grep -c spanwire || true; iptables -V')).stdout
    const chains = ['KUBE-ROUTER-FORWARD', 'KUBE-FORWARD', 'FLANNEL-FWD', 'KUBE-SERVICES', 'KUBE-FIREWALL']
    await until(`k3s to load its rules beside ${ours}`, 60_000, async () => {
      const rules = await host.output('iptables -S; iptables -t nat -S')
      return chains.every((chain) => rules.includes(`-j ${chain}\n`))
    })
  },
  // Its chains name the machine's address and its pods; what calls them is the same everywhere, in an order of its own.
  list: 'for chain in INPUT FORWARD OUTPUT; do iptables -S $chain; done | sort; for chain in PREROUTING POSTROUTING; do iptables -t nat -S $chain; done | sort',
  onlySsh: under.onlySsh,
})

const legacy: HostRules = {
  load: ({ host }) => host.output(LEGACY),
  // Asked for the first time, the kernel makes an empty table.
  list: 'ip6tables -S >/dev/null; iptables-save; ip6tables-save',
  onlySsh: true,
}

export const hostRules: Readonly<Record<string, HostRules>> = {
  'centos-reject': ofLab('centos-reject'),
  'oracle-reject': ofLab('oracle-reject'),
  'docker-forward-drop': ofLab('docker-forward-drop', false),
  'ufw-like': ofLab('ufw-like'),
  legacy,
  'firewalld-like': ofNft(FIREWALLD, 'inet firewalld'),
  'plain-nft': ofNft(PLAIN_NFT, 'inet filter'),
  'k3s-oracle': k3sOver(ofLab('oracle-reject')),
  'k3s-legacy': k3sOver(legacy),
}
