import { ofFamily } from './address-set.ts'
import type { Probes } from './probes.ts'
import { elements, ip } from './set-text.ts'

/** The pings by which tunnels are measured, and what answers them: a reply goes from whom was asked to who asked. */
export const probeEchoes = ({ from, to }: Probes, echo: 'request' | 'reply'): string =>
  ([4, 6] as const)
    .filter((family) => ofFamily(from, family).length > 0 && ofFamily(to, family).length > 0)
    .map((family) => {
      const [asker, asked] = [elements(ofFamily(from, family), family), elements(ofFamily(to, family), family)]
      const [source, target] = echo === 'request' ? ['saddr', 'daddr'] : ['daddr', 'saddr']
      const type = `${family === 4 ? 'icmp' : 'icmpv6'} type echo-${echo}`
      return `    ${ip(family)} ${source} { ${asker} } ${ip(family)} ${target} { ${asked} } ${type} accept\n`
    })
    .join('')
