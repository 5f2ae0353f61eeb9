/**
 * k3s's network policy controller without a NetworkPolicy in the cluster: kube-router's own chains, from
 * cloudnativelabs/kube-router pkg/controllers/netpol/{npc_iptables,pod}.go. They stand first in INPUT, FORWARD and OUTPUT;
 * each pod's chain drops what conntrack calls invalid, then marks and accepts.
 */
import { log } from '../log.ts'
import type { ClusterNetwork } from '../server/supervisor-routes.ts'
import { type Chains, ensureRule, loadChains, removeChain } from './iptables.ts'
import type { Kubelet } from './kubelet.ts'
import { hash } from './service-rules.ts'

const SYNC_MS = 60_000
const ACCEPT =
  '-m comment --comment "rule to explicitly ACCEPT traffic that comply to network policies" -m mark --mark 0x20000/0x20000 -j ACCEPT'

export function startNetworkPolicy(kubelet: Kubelet, { serviceCidr }: ClusterNetwork): void {
  let loaded = ''
  let loadedAt = 0
  let chains: string[] = []
  const sync = () => {
    const pods = kubelet.pods.all().filter(({ address }) => address !== kubelet.nodeIp)
    const wanted = policyChains(pods, serviceCidr)
    const text = JSON.stringify(wanted)
    if (text === loaded && Date.now() - loadedAt < SYNC_MS) return
    loadChains('filter', wanted)
    for (const hook of ['INPUT', 'FORWARD', 'OUTPUT']) {
      const target = `KUBE-ROUTER-${hook}`
      const known = hash(`${hook}-mcomment--commentkube-router netpol-j${target}`)
      const rule = ['-m', 'comment', '--comment', `kube-router netpol - ${known}`, '-j', target]
      ensureRule('filter', hook, rule, 'first')
    }
    for (const gone of chains.filter((name) => !(name in wanted))) removeChain('filter', gone)
    chains = Object.keys(wanted)
    loaded = text
    loadedAt = Date.now()
  }
  setInterval(() => {
    try {
      sync()
    } catch (error) {
      log.error(`network policy controller: ${(error as Error).message}`)
    }
  }, 1000)
}

type PolicyPod = { name: string; namespace: string; address: string }

function policyChains(pods: PolicyPod[], serviceCidr: string): Chains {
  const nodePorts = '-m addrtype --dst-type LOCAL -m multiport --dports 30000:32767 -j RETURN'
  const input = [
    `-d ${serviceCidr} -m comment --comment "allow traffic to primary/secondary cluster IP range" -j RETURN`,
    `-p tcp -m comment --comment "allow LOCAL TCP traffic to node ports" ${nodePorts}`,
    `-p udp -m comment --comment "allow LOCAL UDP traffic to node ports" ${nodePorts}`,
  ]
  const forward: string[] = []
  const output: string[] = []
  const chains: Chains = {
    'KUBE-NWPLCY-DEFAULT': [
      '-m comment --comment "rule to mark traffic matching a network policy" -j MARK --set-xmark 0x10000/0x10000',
    ],
    'KUBE-NWPLCY-COMMON': [
      '-m comment --comment "rule to drop invalid state for pod" -m conntrack --ctstate INVALID -j DROP',
      '-m comment --comment "rule for stateful firewall for pod" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      ...['echo-request', 'destination-unreachable', 'time-exceeded'].map(
        (type) => `-p icmp -m comment --comment "allow icmp ${type} messages" --icmp-type ${type} -j ACCEPT`,
      ),
    ],
  }
  for (const pod of pods) {
    const chain = `KUBE-POD-FW-${hash(pod.namespace + pod.name)}`
    chains[chain] = podChain(pod)
    const who = `POD name:${pod.name} namespace: ${pod.namespace} to chain ${chain}`
    const into = `-d ${pod.address} -m comment --comment "rule to jump traffic destined to ${who}" -j ${chain}`
    const from = `-s ${pod.address} -m comment --comment "rule to jump traffic from ${who}" -j ${chain}`
    forward.push(`-m physdev --physdev-is-bridged ${into}`, into, `-m physdev --physdev-is-bridged ${from}`, from)
    output.push(into, from)
    input.push(from)
  }
  return {
    ...chains,
    'KUBE-ROUTER-INPUT': [...input, ACCEPT],
    'KUBE-ROUTER-FORWARD': [...forward, ACCEPT],
    'KUBE-ROUTER-OUTPUT': [...output, ACCEPT],
  }
}

function podChain({ name, namespace, address }: PolicyPod): string[] {
  const who = `POD name:${name} namespace: ${namespace}`
  return [
    '-m comment --comment "run through common network policy chain" -j KUBE-NWPLCY-COMMON',
    `-d ${address} -m comment --comment "rule to permit the traffic to pods when source is the pod's local node" -m addrtype --src-type LOCAL -j ACCEPT`,
    `-s ${address} -m comment --comment "run through default egress network policy chain" -j KUBE-NWPLCY-DEFAULT`,
    `-d ${address} -m comment --comment "run through default ingress network policy chain" -j KUBE-NWPLCY-DEFAULT`,
    `-m comment --comment "rule to log dropped traffic ${who}" -m mark ! --mark 0x10000/0x10000 -m limit --limit 10/minute --limit-burst 10 -j NFLOG --nflog-group 100`,
    `-m comment --comment "rule to REJECT traffic destined for ${who}" -m mark ! --mark 0x10000/0x10000 -j REJECT`,
    '-j MARK --set-xmark 0x0/0x10000',
    '-m comment --comment "set mark to ACCEPT traffic that comply to network policies" -j MARK --set-xmark 0x20000/0x20000',
  ]
}
