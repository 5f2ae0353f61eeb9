import { ICMP, ICMPV6, SCTP, TCP, UDP } from './service.ts'

/** What a policy may call a protocol (tailscale.com/kb/1337, "proto"), with the IANA numbers that it means. */
export const PROTOCOLS: Readonly<Record<string, readonly number[]>> = {
  // Who lets ping through means both families.
  icmp: [ICMP, ICMPV6],
  igmp: [2],
  ipv4: [4],
  'ip-in-ip': [4],
  tcp: [TCP],
  egp: [8],
  igp: [9],
  udp: [UDP],
  gre: [47],
  esp: [50],
  ah: [51],
  'ipv6-icmp': [ICMPV6],
  sctp: [SCTP],
}

/** What a rule without `proto` lets through. */
export const USUAL_PROTOCOLS: readonly number[] = [ICMP, TCP, UDP, ICMPV6]

export function protocolName(number: number): string {
  if (number === ICMPV6) return 'icmp6'
  const known = Object.entries(PROTOCOLS).find(([, numbers]) => numbers[0] === number)
  return known?.[0] ?? `protocol ${number}`
}
