/**
 * kube-proxy in iptables mode, from kubernetes/kubernetes pkg/proxy/iptables/proxier.go: chain names with its own hashes,
 * masquerade of what comes from outside the pod range by mark 0x4000, drop of what conntrack calls invalid. Also the two
 * rules that the kubelet makes (pkg/kubelet/kubelet_network_linux.go).
 */
import { log } from '../log.ts'
import type { ClusterNetwork } from '../server/supervisor-routes.ts'
import type { ApiClient } from './api-client.ts'
import { ensureRule, loadChains, removeChain } from './iptables.ts'
import { serviceRules } from './service-rules.ts'

const SYNC_MS = 30_000

export function startKubeProxy(api: ApiClient, network: ClusterNetwork): void {
  let loaded = ''
  let loadedAt = 0
  let chains: string[] = []
  const sync = async () => {
    const [services, endpoints] = await Promise.all([api.list('/api/v1/services'), api.list('/api/v1/endpoints')])
    const rules = serviceRules(services, endpoints, network.clusterCidr)
    const text = JSON.stringify(rules)
    if (text === loaded && Date.now() - loadedAt < SYNC_MS) return
    loadChains('filter', { ...FILTER, 'KUBE-SERVICES': rules.rejects })
    loadChains('nat', { ...NAT, ...rules.nat })
    for (const [table, chain, rule] of JUMPS) ensureRule(table, chain, rule.split(' ').map(unquote), 'first')
    for (const gone of chains.filter((name) => !(name in rules.nat))) removeChain('nat', gone)
    chains = Object.keys(rules.nat)
    loaded = text
    loadedAt = Date.now()
  }
  const again = () => {
    sync()
      .catch((error: Error) => log.error(`kube-proxy: ${error.message}`))
      .finally(() => setTimeout(again, 1000))
  }
  again()
}

const FILTER = {
  'KUBE-FIREWALL': [
    '-m comment --comment "block incoming localnet connections" -d 127.0.0.0/8 ! -s 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP',
  ],
  'KUBE-KUBELET-CANARY': [],
  'KUBE-PROXY-CANARY': [],
  'KUBE-NODEPORTS': [],
  'KUBE-EXTERNAL-SERVICES': [],
  'KUBE-PROXY-FIREWALL': [],
  'KUBE-FORWARD': [
    '-m conntrack --ctstate INVALID -j DROP',
    '-m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT',
    '-m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  ],
}

const NAT = {
  'KUBE-KUBELET-CANARY': [],
  'KUBE-PROXY-CANARY': [],
  'KUBE-MARK-MASQ': ['-j MARK --set-xmark 0x4000/0x4000'],
  'KUBE-POSTROUTING': [
    '-m mark ! --mark 0x4000/0x4000 -j RETURN',
    '-j MARK --set-xmark 0x4000/0x0',
    '-m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
  ],
}

/** Each is put first when it is missing, in this order (iptablesJumpChains); so the last one ends up on top. */
const JUMPS: [table: string, chain: string, rule: string][] = [
  ['filter', 'INPUT', '-j KUBE-FIREWALL'],
  ['filter', 'OUTPUT', '-j KUBE-FIREWALL'],
  ['filter', 'INPUT', jump('kubernetes externally-visible service portals', 'KUBE-EXTERNAL-SERVICES', true)],
  ['filter', 'FORWARD', jump('kubernetes externally-visible service portals', 'KUBE-EXTERNAL-SERVICES', true)],
  ['filter', 'INPUT', jump('kubernetes health check service ports', 'KUBE-NODEPORTS')],
  ['filter', 'FORWARD', jump('kubernetes service portals', 'KUBE-SERVICES', true)],
  ['filter', 'OUTPUT', jump('kubernetes service portals', 'KUBE-SERVICES', true)],
  ['filter', 'FORWARD', jump('kubernetes forwarding rules', 'KUBE-FORWARD')],
  ['filter', 'INPUT', jump('kubernetes load balancer firewall', 'KUBE-PROXY-FIREWALL', true)],
  ['filter', 'OUTPUT', jump('kubernetes load balancer firewall', 'KUBE-PROXY-FIREWALL', true)],
  ['filter', 'FORWARD', jump('kubernetes load balancer firewall', 'KUBE-PROXY-FIREWALL', true)],
  ['nat', 'OUTPUT', jump('kubernetes service portals', 'KUBE-SERVICES')],
  ['nat', 'PREROUTING', jump('kubernetes service portals', 'KUBE-SERVICES')],
  ['nat', 'POSTROUTING', jump('kubernetes postrouting rules', 'KUBE-POSTROUTING')],
]

function jump(comment: string, target: string, onlyNew = false): string {
  const state = onlyNew ? '-m conntrack --ctstate NEW ' : ''
  return `${state}-m comment --comment ${comment.replaceAll(' ', '\u00a0')} -j ${target}`
}

/** Comments were kept from being split at their spaces. */
function unquote(word: string): string {
  return word.replaceAll('\u00a0', ' ')
}
