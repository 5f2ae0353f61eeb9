import { expect, test } from 'vitest'
import { ICMP, ICMPV6, SCTP, type Service, TCP, UDP } from './service.ts'
import { servicesInWords } from './services-in-words.ts'

const on = (protocol: number, first: number, last = first): Service => ({ protocol, ports: [{ first, last }] })
const all = (protocol: number): Service => ({ protocol, ports: null })

test.each([
  { services: [on(TCP, 6443)], want: 'TCP port 6443' },
  { services: [on(TCP, 2379, 2380)], want: 'TCP ports 2379 to 2380' },
  { services: [on(UDP, 8472)], want: 'UDP port 8472' },
  { services: [on(TCP, 53), on(UDP, 53)], want: 'port 53, TCP and UDP' },
  { services: [on(TCP, 53), on(TCP, 80), on(UDP, 53), on(UDP, 80)], want: 'ports 53, 80, TCP and UDP' },
  { services: [on(TCP, 9), on(UDP, 9), on(SCTP, 9)], want: 'port 9, TCP, UDP and SCTP' },
  { services: [TCP, UDP, ICMP, ICMPV6].map(all), want: 'every packet' },
  { services: [on(TCP, 80), on(UDP, 53)], want: 'tcp 80; udp 53' },
  { services: [all(ICMP)], want: 'ping' },
])('$want', ({ services, want }) => expect(servicesInWords(services)).toBe(want))
