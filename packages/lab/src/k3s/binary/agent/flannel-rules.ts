import { ensureRule, loadChains } from './iptables.ts'

/**
 * flannel's rules, from masqRules and forwardRules of flannel-io/flannel pkg/trafficmngr/iptables/iptables.go. Both jumps
 * are appended: behind a REJECT that a distribution's firewall has at the end of FORWARD they are never reached. The last
 * one hides a client from outside the cluster that a node hands on to another node's pod.
 */
export function flannelRules(clusterCidr: string, podCidr: string): void {
  const masq = '-m comment --comment "flanneld masq"'
  loadChains('nat', {
    'FLANNEL-POSTRTG': [
      `-m mark --mark 0x4000/0x4000 ${masq} -j RETURN`,
      `-s ${podCidr} -d ${clusterCidr} ${masq} -j RETURN`,
      `-s ${clusterCidr} -d ${podCidr} ${masq} -j RETURN`,
      `! -s ${clusterCidr} -d ${podCidr} ${masq} -j RETURN`,
      `-s ${clusterCidr} ! -d 224.0.0.0/4 ${masq} -j MASQUERADE --random-fully`,
      `! -s ${clusterCidr} -d ${clusterCidr} ${masq} -j MASQUERADE --random-fully`,
    ],
  })
  ensureRule('nat', 'POSTROUTING', ['-m', 'comment', '--comment', 'flanneld masq', '-j', 'FLANNEL-POSTRTG'], 'last')
  const forward = '-m comment --comment "flanneld forward"'
  loadChains('filter', {
    'FLANNEL-FWD': [`-s ${clusterCidr} ${forward} -j ACCEPT`, `-d ${clusterCidr} ${forward} -j ACCEPT`],
  })
  ensureRule('filter', 'FORWARD', ['-m', 'comment', '--comment', 'flanneld forward', '-j', 'FLANNEL-FWD'], 'last')
}
