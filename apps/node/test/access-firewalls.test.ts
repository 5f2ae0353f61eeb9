import { applyHostFirewall, type HostFirewall } from '@spanwire/lab/host-firewall'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AccessLab, greet, hearsFrom, ports, rulesOf } from './access-lab.ts'
import type { Machine } from './machine.ts'
import { NodeLab } from './node-lab.ts'
import { until } from './until.ts'

/**
 * Our rules beside those that a machine brings along, loaded before ours or after: what we deny stays denied, though the host's own rules
 * would let it in; what we allow passes, though they would not; and they stay as they are but for our marked accept.
 */
let lab: NodeLab

beforeAll(async () => {
  lab = await NodeLab.create()
})
afterAll(() => lab?.[Symbol.asyncDispose]())

const ALLOWED = 7001
/** Open in the rules of each host here, as ssh is. */
const DENIED = 22

type Firewall = { readonly load: (machine: Machine) => Promise<unknown>; readonly list: string }

/** As the machine's `iptables`, which is iptables-nft here. */
const ofLab = (name: HostFirewall): Firewall => ({
  load: ({ host }) => applyHostFirewall(host, name),
  list: 'iptables-save; ip6tables-save',
})

const firewalls: Record<string, Firewall> = {
  'centos-reject': ofLab('centos-reject'),
  'docker-forward-drop': ofLab('docker-forward-drop'),
  'ufw-like': ofLab('ufw-like'),
  legacy: {
    // Where `iptables` is iptables-legacy, as on Debian 10 and in many images of cloud providers.
    load: ({ host }) =>
      host.output(`for tool in iptables ip6tables; do
  for name in $tool $tool-save $tool-restore; do ln -sf "/usr/sbin/$tool-legacy\${name#"$tool"}" "/usr/local/bin/$name"; done
done
iptables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
iptables -A INPUT -j REJECT --reject-with icmp-host-prohibited
iptables -A FORWARD -j REJECT --reject-with icmp-host-prohibited`),
    // Asked for the first time, the kernel makes an empty table.
    list: 'ip6tables -S >/dev/null; iptables-save; ip6tables-save',
  },
  'firewalld-like': {
    // What firewalld 1.x makes of its public zone with the gateway's port open, shortened to the chains that decide.
    load: ({ host }) => host.output(['nft', '-f', '-'], { stdin: FIREWALLD }),
    list: 'nft list table inet firewalld',
  },
}

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
    udp dport 51820 accept
    meta l4proto { icmp, ipv6-icmp } accept
  }
}
`

const table = Object.entries(firewalls).flatMap(([name, firewall]) =>
  (['before', 'after'] as const).map((order) => ({ name, order, ...firewall })),
)

test.concurrent.each(table)('$name, loaded $order ours', async ({ name, order, load, list }) => {
  const world = await AccessLab.on(lab)
  const host = `${name.slice(0, 8)}-${order}`.replace(/[^a-z0-9-]/g, '')
  const gateway = await lab.machine(host, world.server)
  if (order === 'before') await load(gateway)
  await gateway.join('gateway', '--fix')
  const member = await world.member(`to-${host}`)
  world.begin(ports(ALLOWED), 300)
  world.confirm()
  await until('the rules to hold', 30_000, () => world.said(host)?.number === 2)
  const ours = await rulesOf(gateway)
  if (order === 'after') {
    await load(gateway)
    // Looked at once a minute: here at once, since an address of ours is missing.
    await gateway.host.output('ip addr del 10.77.0.1/16 dev span0')
  }
  await using _greeter = await greet(gateway, [ALLOWED, DENIED])
  await until('what we allow to pass', 45_000, () => hearsFrom(member, '10.77.0.1', ALLOWED), 500)
  expect(await hearsFrom(member, '10.77.0.1', DENIED)).toBe(false)
  expect(await hearsFrom(member, 'fd12:3456:789a::1', ALLOWED)).toBe(true)
  expect(await hearsFrom(member, 'fd12:3456:789a::1', DENIED)).toBe(false)
  // From outside of the tunnel all is as the host wants it.
  expect(await hearsFrom(member, gateway.host.address, DENIED)).toBe(true)
  if (name !== 'docker-forward-drop') expect(await hearsFrom(member, gateway.host.address, ALLOWED)).toBe(false)
  expect(await rulesOf(gateway)).toBe(ours)

  const withoutCounts = (text: string) => text.replace(/^#.*\n|\[\d+:\d+\]/gm, '')
  const stands = withoutCounts(await gateway.host.output(list))
  const accepts = stands.split('\n').filter((line) => line.includes('spanwire'))
  for (const line of accepts)
    expect(line).toMatch(/ -i span0\+ .*-j ACCEPT$|udp .*--dport 51820 .*-j ACCEPT$|iifname "span0\*" accept/)
  const without = stands.split('\n').filter((line) => !line.includes('spanwire'))
  const fresh = await lab.machine(`as-${host}`, world.server)
  await load(fresh)
  expect(without).toEqual(withoutCounts(await fresh.host.output(list)).split('\n'))
})
