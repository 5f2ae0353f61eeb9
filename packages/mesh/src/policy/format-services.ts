import { protocolName } from './protocol-names.ts'
import { ICMP, ICMPV6, mergeServices, SCTP, type Service, TCP, UDP } from './service.ts'

/** `everything`, `tcp 80, 443; udp 53; ping`, or `nothing`. */
export function formatServices(services: Iterable<Service>): string {
  const merged = mergeServices(services)
  const whole = new Set(merged.filter(({ ports }) => ports === null).map(({ protocol }) => protocol))
  const isAll = whole.has(TCP) && whole.has(UDP) && (whole.has(ICMP) || whole.has(ICMPV6))
  const rest = isAll ? merged.filter(({ protocol }) => !USUAL.has(protocol)) : merged
  const texts = rest.map(({ protocol, ports }) => {
    if (protocol === ICMP || protocol === ICMPV6) return 'ping'
    const list = ports?.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`))
    return `${protocolName(protocol)}${list ? ` ${list.join(', ')}` : ''}`
  })
  const all = [...new Set([...(isAll ? ['everything'] : []), ...texts])]
  return all.length === 0 ? 'nothing' : all.join('; ')
}

/** SCTP is no part of what people call everything, but of it all the same. */
const USUAL = new Set([ICMP, TCP, UDP, ICMPV6, SCTP])
