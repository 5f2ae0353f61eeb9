import { writeFileSync } from 'node:fs'
import { log } from '../log.ts'

/** What k3s sets at start (pkg/agent/syssetup); a knob that is not there is a warning only. */
export function prepareKernel(): void {
  for (const knob of [
    'net/ipv4/conf/all/forwarding',
    'net/ipv4/conf/default/forwarding',
    'net/ipv6/conf/all/forwarding',
    'net/ipv6/conf/default/forwarding',
    'net/bridge/bridge-nf-call-iptables',
    'net/bridge/bridge-nf-call-ip6tables',
  ]) {
    try {
      writeFileSync(`/proc/sys/${knob}`, '1')
    } catch (error) {
      log.warn(`Failed to set sysctl: ${(error as Error).message}`)
    }
  }
}
