/**
 * What a node answers, judged as what it answers: each packet that goes back through a tunnel in a flow which came to be judged here
 * (render-access.ts). Without this a flow in which only answers flow would outlive the rule that let it begin.
 */
import type { AddressSet } from './address-set.ts'
import type { AccessPlan } from './plan-access.ts'
import { probeEchoes } from './probe-echoes.ts'
import type { Probes } from './probes.ts'
import { addressType, forAny, ip } from './set-text.ts'

/**
 * How long both directions of a UDP flow that is no longer allowed are dropped before conntrack sees them. It forgets a flow after 120 s
 * of silence (180 s before Linux 5.0); what comes then is judged as the beginning that it is. Without this, a gossip that speaks from its
 * port to the same port would be taken for the answers of a dead flow for ever, though it may begin one of its own.
 */
const SILENCE = { size: 1024, timeout: '200s' } as const

/** `answers` are the rules that let in, read backwards. */
export function renderAnswers(
  plan: AccessPlan,
  own: AddressSet,
  base: string,
  { probes, answers }: { readonly probes: Probes; readonly answers: readonly string[] },
): string {
  return [...SILENT_SETS, judgeAnswer(probes, answers), chainOf(plan, own, base), SILENT].join('')
}

/** Who is judged, behind the translations, so that its source is whom was asked. */
function chainOf(plan: AccessPlan, own: AddressSet, base: string): string {
  const network = plan.directory.network
  return `  chain answers {
    type filter hook postrouting priority srcnat + 5; policy accept;
    oifname != "${base}*" accept
    ct direction original accept
    ct state != established accept
    fib saddr type local goto judge_answer
${forAny('saddr', own, 'goto judge_answer')}${forAny('saddr', network, 'accept')}    goto judge_answer
  }
`
}

/** What is refused is told as what it answers: by whom, of whom, on which port. */
const judgeAnswer = (probes: Probes, answers: readonly string[]): string => `  chain judge_answer {
${probeEchoes(probes, 'reply')}${answers.join('')}    meta l4proto udp add @silent_v4 { ip daddr . ip saddr . udp dport . udp sport }
    meta l4proto udp add @silent_v6 { ip6 daddr . ip6 saddr . udp dport . udp sport }
    meta l4proto { tcp, udp, sctp } update @dropped_v4 { ip daddr . ip saddr . meta l4proto . th sport counter }
    meta l4proto { tcp, udp, sctp } update @dropped_v6 { ip6 daddr . ip6 saddr . meta l4proto . th sport counter }
    meta l4proto != { tcp, udp, sctp } update @dropped_other_v4 { ip daddr . ip saddr . meta l4proto counter }
    meta l4proto != { tcp, udp, sctp } update @dropped_other_v6 { ip6 daddr . ip6 saddr . meta l4proto counter }
    counter drop comment "cut"
  }
`

/** A flow as its question names it. */
const SILENT_SETS = ([4, 6] as const).map(
  (family) => `  set silent_v${family} {
    type ${addressType(family)} . ${addressType(family)} . inet_service . inet_service
    size ${SILENCE.size}
    flags dynamic,timeout
    timeout ${SILENCE.timeout}
  }
`,
)

const silentRules = ([4, 6] as const)
  .flatMap((family) => [
    `    ${ip(family)} saddr . ${ip(family)} daddr . udp sport . udp dport @silent_v${family} drop\n`,
    `    ${ip(family)} daddr . ${ip(family)} saddr . udp dport . udp sport @silent_v${family} drop\n`,
  ])
  .join('')

const SILENT = (['prerouting', 'output'] as const)
  .map(
    (hook) => `  chain silent_${hook} {
    type filter hook ${hook} priority raw; policy accept;
    meta l4proto != udp accept
${silentRules}  }
`,
  )
  .join('')
