/** Who is in a simulated fleet: machines as one meets them, spread over places, the same for the same seed. */
import { pick, seeded, seededBytes } from './seeded.ts'

export type Hardware = {
  readonly kind: string
  readonly os: string
  readonly kernel: string
  readonly arch: string
  readonly cpus: number
  readonly memoryKb: number
  readonly device: string
  readonly diskKb: number
  readonly wireguard: string
  readonly tools: string
  readonly virt: string
  readonly init: string
}

export type Inhabitant = {
  readonly name: string
  readonly role: 'gateway' | 'member'
  readonly site: string
  readonly hardware: Hardware
  /** As the Internet sees it: the address of its site's router, a port of its own behind it. */
  readonly publicAddress: string
  readonly publicPort: number
  readonly lanAddress: string
  /** Of its site's router; a gateway has none. */
  readonly nat: 'none' | 'easy' | 'hard'
  /** Milliseconds to the gateway and back, at rest. */
  readonly rttMs: number
  /** Bytes per second through its tunnel, on the average. */
  readonly sends: number
  readonly receives: number
  readonly skewSeconds: number
}

const HARDWARE: readonly (Hardware & { readonly share: number })[] = [
  {
    ...{ share: 4, kind: 'worker', os: 'Debian GNU/Linux 12 (bookworm)', kernel: '6.1.0-28-amd64', arch: 'x86_64' },
    ...{ cpus: 8, memoryKb: 16_310_272, device: '/dev/vda1', diskKb: 82_043_328, wireguard: 'kernel', virt: 'kvm' },
    tools: 'wireguard-tools v1.0.20210914, nftables v1.0.6 (Lester Gooch #5), ip utility, iproute2-6.1.0, curl 7.88.1',
    init: 'systemd',
  },
  {
    ...{ share: 4, kind: 'node', os: 'Ubuntu 24.04.3 LTS', kernel: '6.8.0-79-generic', arch: 'x86_64' },
    ...{ cpus: 4, memoryKb: 8_131_840, device: '/dev/sda1', diskKb: 60_213_124, wireguard: 'kernel', virt: 'kvm' },
    tools: 'wireguard-tools v1.0.20210914, nftables v1.0.9 (Old Doc Yak #3), ip utility, iproute2-6.1.0, curl 8.5.0',
    init: 'systemd',
  },
  {
    ...{ share: 2, kind: 'pi', os: 'Debian GNU/Linux 12 (bookworm)', kernel: '6.6.51+rpt-rpi-v8', arch: 'aarch64' },
    ...{
      cpus: 4,
      memoryKb: 3_884_160,
      device: '/dev/mmcblk0p2',
      diskKb: 30_271_000,
      wireguard: 'kernel',
      virt: 'none',
    },
    tools: 'wireguard-tools v1.0.20210914, nftables v1.0.6 (Lester Gooch #5), ip utility, iproute2-6.1.0, curl 7.88.1',
    init: 'systemd',
  },
  {
    ...{ share: 1, kind: 'edge', os: 'Alpine Linux v3.20', kernel: '6.6.58-0-lts', arch: 'x86_64' },
    ...{ cpus: 2, memoryKb: 2_035_268, device: '/dev/vda3', diskKb: 20_134_592, wireguard: 'kernel', virt: 'kvm' },
    tools: 'wireguard-tools v1.0.20210914, nftables v1.0.9 (Old Doc Yak #3), ip utility, iproute2-6.9.0, curl 8.10.1',
    init: 'openrc',
  },
  {
    ...{
      share: 1,
      kind: 'box',
      os: 'Rocky Linux 9.4 (Blue Onyx)',
      kernel: '5.14.0-427.42.1.el9_4.x86_64',
      arch: 'x86_64',
    },
    ...{ cpus: 16, memoryKb: 65_611_776, device: '/dev/nvme0n1p3', diskKb: 486_107_136, wireguard: 'kernel' },
    tools: 'wireguard-tools v1.0.20210914, nftables v1.0.9 (Old Doc Yak #3), ip utility, iproute2-6.2.0, curl 7.76.1',
    ...{ virt: 'none', init: 'systemd' },
  },
  {
    ...{
      share: 1,
      kind: 'vps',
      os: 'Ubuntu 22.04.5 LTS',
      kernel: '4.19.0',
      arch: 'x86_64',
      cpus: 1,
      memoryKb: 1_048_576,
    },
    ...{ device: '/dev/simfs', diskKb: 26_214_400, wireguard: 'wireguard-go 0.0.20220316', virt: 'openvz' },
    tools: 'wireguard-tools v1.0.20210914, nftables v1.0.2 (Lester Gooch), ip utility, iproute2-5.15.0, curl 7.81.0',
    init: 'systemd',
  },
]

const PLACES = [
  ...['frankfurt', 'oslo', 'lisbon', 'toronto', 'austin', 'sydney', 'nairobi', 'osaka', 'mumbai', 'lima', 'turin'],
  ...[
    'leeds',
    'gdansk',
    'denver',
    'seoul',
    'cork',
    'porto',
    'tartu',
    'bergen',
    'dakar',
    'quito',
    'hanoi',
    'zagreb',
    'kyoto',
  ],
]

/** Names of sites, in order; the gateway stands in the first. */
export const placeNames = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => {
    const round = Math.floor(i / PLACES.length)
    return `${PLACES[i % PLACES.length]}${round === 0 ? '' : `-${round + 1}`}`
  })

/** The first ones are the gateways, each in a site of its own while there are enough. */
export function populate(nodes: number, sites: readonly string[], seed: string, gateways = 1): Inhabitant[] {
  const distances = sites.map((site, i) => (i === 0 ? 0.6 : 8 + 180 * seeded(seed, 'site', site)() ** 2))
  const counts = new Map<string, number>()
  const machines = new Map<string, number>()
  return Array.from({ length: nodes }, (_, i) => {
    const random = seeded(seed, 'inhabitant', i)
    const isGateway = i < gateways
    // Places differ in size: the first has most.
    const at = isGateway ? i % sites.length : Math.floor(sites.length * random() ** 1.6)
    const site = sites[at] as string
    const hardware = isGateway ? (HARDWARE[0] as Hardware) : pick(deck, random)
    const kind = isGateway ? 'gw' : hardware.kind
    const number = (counts.get(`${site} ${kind}`) ?? 0) + 1
    counts.set(`${site} ${kind}`, number)
    // One LAN, one machine an address, whatever kind it is.
    const inLan = (machines.get(site) ?? 0) + 1
    machines.set(site, inLan)
    const volume = 300 * 10 ** (3.6 * random() ** 2)
    return {
      name: `${site}-${kind}-${number}`,
      role: isGateway ? 'gateway' : 'member',
      site,
      hardware,
      // 198.51.100.0/24 and 203.0.113.0/24 are for documentation (RFC 5737): nobody's machines.
      publicAddress: isGateway ? `203.0.113.${7 + i}` : `198.51.100.${1 + (at % 250)}`,
      publicPort: isGateway ? 51_820 : 20_000 + ((i * 7919) % 40_000),
      lanAddress: lanAddress(at, inLan),
      nat: isGateway ? 'none' : seeded(seed, 'nat', site)() < HARD ? 'hard' : 'easy',
      rttMs: (distances[at] as number) + 0.3 + 6 * random() ** 3,
      sends: volume * (0.3 + random()),
      receives: volume * (0.3 + random()),
      skewSeconds: (random() - 0.5) * 1.2,
    }
  })
}

/** Sites of a few have a /24 as homes do; those of very many go on in ranges that no other site begins in. */
const lanAddress = (site: number, machine: number): string => {
  const range = Math.floor((machine - 1) / 240)
  return range === 0
    ? `192.168.${site % 250}.${10 + ((machine - 1) % 240)}`
    : `172.${16 + (site % 16)}.${range % 256}.${10 + ((machine - 1) % 240)}`
}

/** Mobile networks, and some offices. */
const HARD = 0.3

const deck = HARDWARE.flatMap(({ share, ...hardware }) => Array<Hardware>(share).fill(hardware as Hardware))

/** What `facts` of the script prints there. */
export function factsOf(who: Inhabitant, machine: string, overlay: readonly string[]): string {
  const { hardware, lanAddress } = who
  const lan = lanAddress.replace(/\.[0-9]+$/, '.0/24')
  return [
    `hostname ${who.name}`,
    `os ${hardware.os}`,
    `kernel ${hardware.kernel}`,
    `arch ${hardware.arch}`,
    `machine ${machine}`,
    `init ${hardware.init}`,
    `virt ${hardware.virt}`,
    `tools ${hardware.tools}`,
    `cpus ${hardware.cpus}`,
    `memory-kb ${hardware.memoryKb}`,
    `wireguard ${hardware.wireguard}`,
    `address eth0 ${lanAddress}/24`,
    ...overlay.map((each) => `address ${each}`),
    `route ${lan}`,
    '',
  ].join('\n')
}

/** What the part of the script that knows k3s prints of its machine before it installs: nothing that stands in the way. */
export function preflightOf({ hardware, lanAddress }: Inhabitant): string {
  const { arch, init, memoryKb, cpus, diskKb, wireguard } = hardware
  return [
    `arch ${arch}`,
    `init ${init}`,
    'cgroup v2',
    'cgroup-controllers cpuset cpu io memory hugetlb pids rdma misc',
    `wireguard ${wireguard.split(' ')[0]}`,
    `memory-kb ${memoryKb}`,
    `cpus ${cpus}`,
    'default-route yes',
    'link-mtu 1500',
    'path-mtu 1500',
    'clock-skew-ms -120',
    'clock-synced yes',
    'udp-gateway ok',
    'nat easy',
    'selinux disabled',
    'nm-cloud-setup no',
    'resolver yes',
    'k3s-version none',
    'k3s-role none',
    'k3s-ours no',
    'kubeadm no',
    'docker none',
    'node-password no',
    ...['br_netfilter', 'overlay', 'nf_conntrack', 'veth', 'vxlan'].map((module) => `module ${module} loadable`),
    `disk /var/lib ${Math.floor(diskKb / 2)} ${diskKb}`,
    `route ${lanAddress.replace(/\.[0-9]+$/, '.0/24')} eth0`,
    `address ${lanAddress}/24 eth0`,
    'listen tcp 0.0.0.0 22 sshd',
    '',
  ].join('\n')
}

export const machineOf = (seed: string, name: string): string => seededBytes(seed, 'machine', name).toString('hex')
