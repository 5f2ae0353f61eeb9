/** What a machine was found to be before anything is written on it. Null: it was not said, or could not be found out. */
import type { Address } from '../ip/address.ts'
import type { Prefix } from '../ip/prefix.ts'

export type PreflightFacts = {
  readonly arch: string | null
  readonly init: 'systemd' | 'openrc' | 'none' | null
  readonly cgroup: 'v1' | 'v2' | 'hybrid' | 'none' | null
  readonly cgroupControllers: readonly string[] | null
  readonly wireguard: 'kernel' | 'wireguard-go' | 'boringtun' | 'none' | null
  readonly memoryKb: number | null
  readonly cpus: number | null
  readonly hasDefaultRoute: boolean | null
  readonly linkMtu: number | null
  /** Largest packet that reached the gateway unbroken, measured outside of the tunnel. */
  readonly pathMtu: number | null
  /** Positive when the machine is ahead of the server. */
  readonly clockSkewMs: number | null
  readonly isClockSynced: boolean | null
  readonly udpGateway: 'ok' | 'no-answer' | 'unknown' | null
  readonly nat: 'none' | 'easy' | 'hard' | 'unknown' | null
  /** firewalld runs, and drops IPv6 that comes by another interface than the answer would leave by (`IPv6_rpfilter`, firewalld.conf(5)). */
  readonly isIpv6FilterStrict: boolean
  readonly selinux: 'enforcing' | 'permissive' | 'disabled' | null
  readonly nmCloudSetup: boolean | null
  readonly hasResolver: boolean | null
  readonly k3sVersion: string | null
  readonly k3sRole: 'server' | 'agent' | null
  /** Whether the k3s that is there was installed by us. */
  readonly isK3sOurs: boolean | null
  readonly hasKubeadm: boolean | null
  readonly dockerVersion: string | null
  readonly hasNodePassword: boolean | null
  /** The line was pasted with `--fix`: the script puts right what it can. */
  readonly isFixing: boolean | null
  readonly modules: readonly { readonly name: string; readonly state: 'builtin' | 'loaded' | 'loadable' | 'missing' }[]
  readonly disks: readonly { readonly path: string; readonly freeKb: number; readonly totalKb: number }[]
  readonly ranges: readonly LocalRange[]
  readonly listeners: readonly {
    readonly protocol: 'tcp' | 'udp'
    readonly address: Address
    readonly port: number
    readonly program: string
  }[]
  readonly firewall: readonly {
    readonly tool: string
    readonly chain: 'input' | 'forward'
    readonly verdict: 'drop' | 'reject'
    readonly what: 'overlay' | 'pods' | 'services'
    readonly rule: string
  }[]
  readonly configKeys: readonly { readonly file: string; readonly key: string }[]
}

/** A range that the machine uses: a route, an address of an interface, a network of Docker's, a VPN's. */
export type LocalRange = {
  readonly kind: 'route' | 'address' | 'docker' | 'vpn'
  readonly prefix: Prefix
  readonly name: string
}
