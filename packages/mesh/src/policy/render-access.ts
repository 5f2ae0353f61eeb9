/**
 * A node's table of access as chains of our own nftables table, for nft 1.0.6 (Debian 12) and later.
 *
 *   in by span* ── access ─┬─ to this machine or its pods, or at the carrier to a device ──▶ judge ─┬─ answers, ICMP errors, probes: pass
 *                          ├─ to the rest of the network: carried, judged where it arrives           ├─ rule_1 … rule_n: pass, counted
 *                          └─ elsewhere (a LAN) ─────────────────────────────────────────▶ judge     └─ counted by source and destination, dropped
 *
 *   out by span*, an answer ── answers ── whose question came to be judged here ──▶ judge_answer ─┬─ rule_1 … rule_n, read backwards: pass
 *                                                                                                └─ dropped, and its flow kept silent
 *
 * `access` hangs in prerouting, behind conntrack and before any DNAT: what is judged is whom the sender asked for, the same for a host, a pod
 * and a NodePort, and nobody's later accept or reject comes into it. There is no blanket accept for established flows: what comes in the
 * original direction of a flow is judged packet by packet, so a flow that is no longer allowed ends with the next one. Answers to what
 * this machine itself began pass; whether it may was for the other end to judge. Answers that it gives are judged as what they answer,
 * behind every translation: somebody who only listens says nothing that could be judged.
 *
 * A gateway that sends a packet out where it came in tells its sender of a shorter way, as every kernel does. There is none, and it is no
 * attempt of anybody's: such redirects are dropped before anything is counted.
 */
import type { Family } from '../ip/address.ts'
import type { AddressSet } from './address-set.ts'
import { NOBODY, ofFamily } from './address-set.ts'
import type { Intervals } from './intervals.ts'
import { nodeTable, type Target } from './node-table.ts'
import type { AccessPlan } from './plan-access.ts'
import { probeEchoes } from './probe-echoes.ts'
import { type Probes, probesOf } from './probes.ts'
import { renderAnswers } from './render-answers.ts'
import type { PortRange, Service } from './service.ts'
import { addressType, elements, forAny, intervalText, ip } from './set-text.ts'

/** Most pairs that are remembered of what was dropped, and for how long: so much memory and no more, whoever scans. */
const DROPS = { size: 1024, timeout: '1h' } as const

/** Null when nothing is judged: no policy, or no such node. */
export function renderAccess(plan: AccessPlan, nodeId: string, base: string): string | null {
  const table = nodeTable(plan, nodeId)
  if (!table || table.isOpen) return null
  const sets = new Map<string, string>()
  const names = new Map<AddressSet, string>()
  const rules: string[] = []
  const answers: string[] = []
  for (const line of table.lines) {
    const sources = plan.parts[line.part]?.sources ?? NOBODY
    for (const family of [4, 6] as const) {
      const targets = family === 4 ? line.v4 : line.v6
      const from = ofFamily(sources, family)
      if (targets.length === 0 || from.length === 0) continue
      // Rules with the same sources share their set.
      const name = names.get(sources) ?? `from_${names.size + 1}`
      names.set(sources, name)
      const saddr = `${name}_v${family}`
      if (!sets.has(saddr)) sets.set(saddr, sourceSet(saddr, from, family))
      for (const { name, match, set } of targetSets(targets, family, rules.length + 1)) {
        sets.set(name, set)
        rules.push(
          `    ${ip(family)} saddr @${saddr} ${ip(family)} daddr . meta l4proto${match('dport')} counter name rule_${line.rule} accept\n`,
        )
        answers.push(`    ${ip(family)} daddr @${saddr} ${ip(family)} saddr . meta l4proto${match('sport')} accept\n`)
      }
    }
  }
  const counters = [...new Set(table.lines.map(({ rule }) => `  counter rule_${rule} {\n  }\n`))]
  const probes = probesOf(plan, nodeId)
  return [
    ...[...counters, ...sets.values(), ...DROP_SETS],
    ...[judge(probes, rules), access(plan, table.own, base)],
    renderAnswers(plan, table.own, base, { probes, answers }),
  ].join('')
}

/** Where the packet goes decides who judges it. `fib` knows all addresses of the machine, those of its LAN too. */
function access(plan: AccessPlan, own: AddressSet, base: string): string {
  const network = plan.directory.network
  return `  chain access {
    type filter hook prerouting priority dstnat - 5; policy accept;
    iifname != "${base}*" accept
    fib daddr type local goto judge
${forAny('daddr', own, 'goto judge')}${forAny('daddr', network, 'accept')}    goto judge
  }
`
}

const judge = (probes: Probes, rules: readonly string[]): string => `  chain judge {
    ct direction reply ct state established accept
    icmp type { destination-unreachable, time-exceeded, parameter-problem } accept
    icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem } accept
    icmp type redirect drop
    icmpv6 type nd-redirect drop
${probeEchoes(probes, 'request')}${rules.join('')}    ct state invalid counter drop comment "invalid"
    meta l4proto { tcp, udp, sctp } update @dropped_v4 { ip saddr . ip daddr . meta l4proto . th dport counter }
    meta l4proto { tcp, udp, sctp } update @dropped_v6 { ip6 saddr . ip6 daddr . meta l4proto . th dport counter }
    meta l4proto != { tcp, udp, sctp } update @dropped_other_v4 { ip saddr . ip daddr . meta l4proto counter }
    meta l4proto != { tcp, udp, sctp } update @dropped_other_v6 { ip6 saddr . ip6 daddr . meta l4proto counter }
    counter drop comment "denied"
  }
`

const DROP_SETS = ([4, 6] as const).flatMap((family) => {
  const addresses = `${addressType(family)} . ${addressType(family)} . inet_proto`
  return [dropSet(`dropped_v${family}`, `${addresses} . inet_service`), dropSet(`dropped_other_v${family}`, addresses)]
})

function dropSet(name: string, types: string): string {
  return `  set ${name} {
    type ${types}
    size ${DROPS.size}
    flags dynamic,timeout
    timeout ${DROPS.timeout}
  }
`
}

const sourceSet = (name: string, set: Intervals, family: Family): string => `  set ${name} {
    type ${addressType(family)}
    flags interval
    elements = { ${elements(set, family)} }
  }
`

/** Those with ports and those without need sets of different types. */
function targetSets(
  targets: readonly Target[],
  family: Family,
  number: number,
): { name: string; match: (port: 'sport' | 'dport') => string; set: string }[] {
  const whole: string[] = []
  const parts: string[] = []
  for (const { range, services } of targets) {
    const start = intervalText(range, family)
    const keys = keysOf(services)
    for (const key of keys.whole) whole.push(start + key)
    for (const key of keys.parts) parts.push(start + key)
  }
  const [ports, all] = [`ports_${number}_v${family}`, `all_${number}_v${family}`]
  const types = `${addressType(family)} . inet_proto`
  const set = (name: string, types: string, items: readonly string[]) =>
    `  set ${name} {\n    type ${types}\n    flags interval\n    elements = { ${items.join(', ')} }\n  }\n`
  return [
    ...(parts.length === 0
      ? []
      : [
          {
            name: ports,
            match: (port: 'sport' | 'dport') => ` . th ${port} @${ports}`,
            set: set(ports, `${types} . inet_service`, parts),
          },
        ]),
    ...(whole.length === 0 ? [] : [{ name: all, match: () => ` @${all}`, set: set(all, types, whole) }]),
  ]
}

/** What follows the address in an element, by protocol and port. */
function keysOf(services: readonly Service[]): { whole: readonly string[]; parts: readonly string[] } {
  const known = serviceKeys.get(services)
  if (known) return known
  const keys = {
    whole: services.flatMap(({ protocol, ports }) => (ports === null ? [` . ${protocol}`] : [])),
    parts: services.flatMap(({ protocol, ports }) =>
      (ports ?? []).map((range) => ` . ${protocol} . ${formatPorts(range)}`),
    ),
  }
  serviceKeys.set(services, keys)
  return keys
}

const serviceKeys = new WeakMap<readonly Service[], { whole: readonly string[]; parts: readonly string[] }>()

const formatPorts = ({ first, last }: PortRange): string => (first === last ? String(first) : `${first}-${last}`)
