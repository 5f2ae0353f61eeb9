/**
 * What the preflight on a machine collects: raw facts as `key value` lines, one fact a line, nothing judged. A POSIX shell prints
 * them; what they mean is decided here and in preflight-findings.ts, so the terminal and the console say the same.
 *
 *   memory-kb 2015432
 *   module br_netfilter loadable
 *   route 192.168.1.0/24 eth0
 *   listen tcp 0.0.0.0 443 caddy
 *
 * A key that is not known here is passed over, so that a newer script may say more. A value that does not fit its key refuses the
 * whole, with its line: half a preflight would look like a good one.
 */
import { parseAddress } from '../ip/address.ts'
import { type Prefix, prefixOf } from '../ip/prefix.ts'
import { err, type Fault, ok, type Result } from '../result.ts'
import type { LocalRange, PreflightFacts } from './preflight-facts.ts'

const MAX_BYTES = 256 << 10
const MAX_LINES = 4000

/** A key with one value, and what the value must look like. */
const SINGLE = {
  arch: /^[a-z0-9_]{1,20}$/,
  init: /^(systemd|openrc|none)$/,
  cgroup: /^(v1|v2|hybrid|none)$/,
  'cgroup-controllers': /^([a-z_]{1,20}( [a-z_]{1,20}){0,30})?$/,
  wireguard: /^(kernel|wireguard-go|boringtun|none)$/,
  'memory-kb': /^[0-9]{1,15}$/,
  cpus: /^[0-9]{1,6}$/,
  'default-route': /^(yes|no)$/,
  'link-mtu': /^[0-9]{1,6}$/,
  'path-mtu': /^([0-9]{1,6}|unknown)$/,
  'clock-skew-ms': /^(-?[0-9]{1,15}|unknown)$/,
  'clock-synced': /^(yes|no|unknown)$/,
  'udp-gateway': /^(ok|no-answer|unknown)$/,
  nat: /^(none|easy|hard|unknown)$/,
  'ipv6-rpfilter': /^strict$/,
  selinux: /^(enforcing|permissive|disabled)$/,
  'nm-cloud-setup': /^(yes|no)$/,
  resolver: /^(yes|no)$/,
  'k3s-version': /^(none|v[0-9A-Za-z.+-]{1,60})$/,
  'k3s-role': /^(server|agent|none)$/,
  'k3s-ours': /^(yes|no)$/,
  kubeadm: /^(yes|no)$/,
  docker: /^(none|[0-9A-Za-z.+~-]{1,60})$/,
  'node-password': /^(yes|no)$/,
  fix: /^(yes|no)$/,
} satisfies Record<string, RegExp>

/** A key that may come many times; the parts of its value in groups. */
const MANY = {
  module: /^([a-z0-9_-]{1,40}) (builtin|loaded|loadable|missing)$/,
  disk: /^(\/[^ ]{0,200}) ([0-9]{1,18}) ([0-9]{1,18})$/,
  route: /^([0-9a-f.:]{2,45}\/[0-9]{1,3}) ([^ ]{1,32})$/,
  address: /^([0-9a-f.:]{2,45}\/[0-9]{1,3}) ([^ ]{1,32})$/,
  'docker-range': /^([0-9a-f.:]{2,45}\/[0-9]{1,3}) ([^ ]{1,80})$/,
  vpn: /^([0-9a-f.:]{2,45}\/[0-9]{1,3}) ([^ ]{1,80})$/,
  listen: /^(tcp|udp) ([0-9a-f.:]{2,45}) ([0-9]{1,5}) ([^ ]{1,60})$/,
  firewall: /^([a-z0-9-]{1,20}) (input|forward) (drop|reject) (overlay|pods|services) (.{1,300})$/,
  'config-key': /^(\/[^ ]{1,200}) ([A-Za-z0-9+_-]{1,80})$/,
} satisfies Record<string, RegExp>

export function parsePreflight(text: string): Result<PreflightFacts, Fault<'malformed'>> {
  const bad = (line: number, why: string) =>
    err({ kind: 'malformed' as const, message: `line ${line} of the preflight ${why}; is the script damaged?` })
  if (text.length > MAX_BYTES) return bad(MAX_LINES, 'and those after it are too much')
  const single = new Map<string, string>()
  const many: { key: keyof typeof MANY; parts: string[] }[] = []
  const lines = text.split('\n', MAX_LINES + 1)
  if (lines.length > MAX_LINES) return bad(MAX_LINES, 'and those after it are too much')
  for (const [i, line] of lines.entries()) {
    if (line === '') continue
    const [, key = '', value = ''] = /^([a-z0-9-]{1,40})(?: ([^\r\n]*))?$/.exec(line) ?? []
    if (key === '') return bad(i + 1, 'is no fact')
    if (isKeyOf(MANY, key)) {
      const found = MANY[key].exec(value)
      if (!found || !rangesFit(key, found)) return bad(i + 1, `has no ${key} that can be read`)
      many.push({ key, parts: found.slice(1) })
    } else if (isKeyOf(SINGLE, key)) {
      if (single.has(key)) return bad(i + 1, `says ${key} a second time`)
      if (!SINGLE[key].test(value)) return bad(i + 1, `has no ${key} that can be read`)
      single.set(key, value)
    }
  }
  return ok(assemble(single, many))
}

const isKeyOf = <T extends object>(table: T, key: string): key is keyof T & string => Object.hasOwn(table, key)

function rangesFit(key: keyof typeof MANY, parts: RegExpExecArray): boolean {
  if (key === 'listen') return parseAddress(parts[2] ?? '').ok && Number(parts[3]) <= 65535
  return (
    !(key === 'route' || key === 'address' || key === 'docker-range' || key === 'vpn') ||
    readRange(parts[1] ?? '') !== null
  )
}

/** Host bits are fine here: an interface's address has them. */
function readRange(text: string): Prefix | null {
  const [base = '', length = ''] = text.split('/')
  const address = parseAddress(base)
  return address.ok && Number(length) <= (address.value.family === 4 ? 32 : 128)
    ? prefixOf(address.value, Number(length))
    : null
}

function assemble(
  single: ReadonlyMap<string, string>,
  many: readonly { key: keyof typeof MANY; parts: string[] }[],
): PreflightFacts {
  const text = (key: string): string | null => single.get(key) ?? null
  const word = <T extends string>(key: string) => text(key) as T | null
  const number = (key: string): number | null =>
    text(key) === null || text(key) === 'unknown' ? null : Number(text(key))
  const flag = (key: string): boolean | null =>
    text(key) === null || text(key) === 'unknown' ? null : text(key) === 'yes'
  const named = (key: string): string | null => (text(key) === 'none' ? null : text(key))
  const each = <T>(key: keyof typeof MANY, make: (parts: readonly string[]) => T): T[] =>
    many.filter((line) => line.key === key).map((line) => make(line.parts))
  const range =
    (kind: LocalRange['kind']) =>
    (parts: readonly string[]): LocalRange => ({
      kind,
      prefix: readRange(parts[0] ?? '') as Prefix,
      name: parts[1] ?? '',
    })
  return {
    arch: text('arch'),
    init: word('init'),
    cgroup: word('cgroup'),
    cgroupControllers: text('cgroup-controllers')?.split(' ').filter(Boolean) ?? null,
    wireguard: word('wireguard'),
    memoryKb: number('memory-kb'),
    cpus: number('cpus'),
    hasDefaultRoute: flag('default-route'),
    linkMtu: number('link-mtu'),
    pathMtu: number('path-mtu'),
    clockSkewMs: number('clock-skew-ms'),
    isClockSynced: flag('clock-synced'),
    udpGateway: word('udp-gateway'),
    nat: word('nat'),
    isIpv6FilterStrict: text('ipv6-rpfilter') !== null,
    selinux: word('selinux'),
    nmCloudSetup: flag('nm-cloud-setup'),
    hasResolver: flag('resolver'),
    k3sVersion: named('k3s-version'),
    k3sRole: named('k3s-role') as 'server' | 'agent' | null,
    isK3sOurs: flag('k3s-ours'),
    hasKubeadm: flag('kubeadm'),
    dockerVersion: named('docker'),
    hasNodePassword: flag('node-password'),
    isFixing: flag('fix'),
    modules: each('module', ([name = '', state]) => ({
      name,
      state: state as PreflightFacts['modules'][number]['state'],
    })),
    disks: each('disk', ([path = '', freeKb, totalKb]) => ({ path, freeKb: Number(freeKb), totalKb: Number(totalKb) })),
    ranges: [
      ...each('route', range('route')),
      ...each('address', range('address')),
      ...each('docker-range', range('docker')),
      ...each('vpn', range('vpn')),
    ],
    listeners: each('listen', ([protocol, address = '', port, program = '']) => {
      const parsed = parseAddress(address)
      return {
        protocol: protocol as 'tcp' | 'udp',
        address: parsed.ok ? parsed.value : { family: 4, value: 0n },
        port: Number(port),
        program,
      }
    }),
    firewall: each('firewall', ([tool = '', chain, verdict, what, rule = '']) => ({
      tool,
      chain: chain as 'input' | 'forward',
      verdict: verdict as 'drop' | 'reject',
      what: what as 'overlay' | 'pods' | 'services',
      rule,
    })),
    configKeys: each('config-key', ([file = '', key = '']) => ({ file, key })),
  }
}
