import { createHash } from 'node:crypto'
import { log } from '../log.ts'
import { type Chains, ensureRule, loadChains, removeChain } from './iptables.ts'
import type { Pods } from './pods.ts'

/**
 * The CNI portmap plugin (containernetworking/plugins, plugins/meta/portmap): a pod's hostPort is a DNAT, not a socket. It
 * is how ServiceLB takes 80 and 443 of every node even from a program that listens on them.
 */
export function startHostPorts(pods: Pods): void {
  let loaded = ''
  let chains: string[] = []
  setInterval(() => {
    const wanted = portChains(pods)
    const text = JSON.stringify(wanted)
    if (text === loaded || (loaded === '' && !('CNI-HOSTPORT-DNAT' in wanted))) return
    try {
      loadChains('nat', wanted)
      for (const hook of ['PREROUTING', 'OUTPUT'])
        ensureRule('nat', hook, ['-m', 'addrtype', '--dst-type', 'LOCAL', '-j', 'CNI-HOSTPORT-DNAT'], 'last')
      const comment = ['-m', 'comment', '--comment', 'CNI portfwd requiring masquerade']
      ensureRule('nat', 'POSTROUTING', [...comment, '-j', 'CNI-HOSTPORT-MASQ'], 'last')
      for (const gone of chains.filter((name) => !(name in wanted))) removeChain('nat', gone)
      chains = Object.keys(wanted)
      loaded = text
    } catch (error) {
      log.error(`portmap: ${(error as Error).message}`)
    }
  }, 1000)
}

function portChains(pods: Pods): Chains {
  const chains: Chains = {}
  const dispatch: string[] = []
  for (const pod of pods.all()) {
    const mapped = pod.ports.filter(({ hostPort }) => hostPort !== undefined)
    if (mapped.length === 0) continue
    const chain = `CNI-DN-${createHash('sha512').update(pod.uid).digest('hex').slice(0, 21)}`
    const name = `-m comment --comment "dnat name: \\"cbr0\\" id: \\"${pod.uid}\\""`
    dispatch.push(`-p tcp ${name} -m multiport --dports ${mapped.map((port) => port.hostPort).join()} -j ${chain}`)
    chains[chain] = mapped.flatMap(({ hostPort, containerPort }) => [
      `-s ${pod.address} -p tcp -m tcp --dport ${hostPort} -j CNI-HOSTPORT-SETMARK`,
      `-s 127.0.0.1/32 -p tcp -m tcp --dport ${hostPort} -j CNI-HOSTPORT-SETMARK`,
      `-p tcp -m tcp --dport ${hostPort} -j DNAT --to-destination ${pod.address}:${containerPort}`,
    ])
  }
  if (dispatch.length === 0) return {}
  return {
    'CNI-HOSTPORT-SETMARK': ['-m comment --comment "CNI portfwd masquerade mark" -j MARK --set-xmark 0x2000/0x2000'],
    'CNI-HOSTPORT-MASQ': ['-m mark --mark 0x2000/0x2000 -j MASQUERADE'],
    ...chains,
    'CNI-HOSTPORT-DNAT': dispatch,
  }
}
