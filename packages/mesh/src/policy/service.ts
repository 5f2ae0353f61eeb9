/** Both ends inclusive. */
export type PortRange = { readonly first: number; readonly last: number }

/** What is let through: a protocol by its IANA number, and its ports; null where it has none or all are meant. */
export type Service = { readonly protocol: number; readonly ports: readonly PortRange[] | null }

export const ICMP = 1
export const TCP = 6
export const UDP = 17
export const ICMPV6 = 58
export const SCTP = 132

export const LAST_PORT = 65_535

export const hasPorts = (protocol: number): boolean => protocol === TCP || protocol === UDP || protocol === SCTP

/** ICMP is one protocol in IPv4 and another in IPv6; neither ever travels in the other family. */
export const belongsTo = (protocol: number, family: 4 | 6): boolean =>
  family === 4 ? protocol !== ICMPV6 : protocol !== ICMP

export const serviceHas = (service: Service, protocol: number, port: number | null): boolean =>
  service.protocol === protocol &&
  (service.ports === null || (port !== null && service.ports.some(({ first, last }) => first <= port && port <= last)))

/** Sorted, and those that meet or touch as one. */
export function mergePorts(ranges: readonly PortRange[]): readonly PortRange[] {
  const merged: PortRange[] = []
  for (const range of [...ranges].sort((a, b) => a.first - b.first || a.last - b.last)) {
    const before = merged.at(-1)
    if (before && range.first <= before.last + 1)
      merged[merged.length - 1] = { first: before.first, last: Math.max(before.last, range.last) }
    else merged.push(range)
  }
  return merged
}

/** One service for each protocol, in the order of their numbers. */
export function mergeServices(services: Iterable<Service>): readonly Service[] {
  const byProtocol = new Map<number, Service>()
  for (const service of services) {
    const before = byProtocol.get(service.protocol)
    if (!before) byProtocol.set(service.protocol, service)
    else if (before.ports === null || service.ports === null)
      byProtocol.set(service.protocol, { protocol: service.protocol, ports: null })
    else
      byProtocol.set(service.protocol, {
        protocol: service.protocol,
        ports: [...before.ports, ...service.ports],
      })
  }
  return [...byProtocol.values()]
    .map(({ protocol, ports }) => ({ protocol, ports: ports && wholeOrMerged(ports) }))
    .sort((a, b) => a.protocol - b.protocol)
}

function wholeOrMerged(ports: readonly PortRange[]): readonly PortRange[] | null {
  const merged = mergePorts(ports)
  return merged[0]?.first === 0 && merged[0].last === LAST_PORT ? null : merged
}

/** Those that exist in a family: the same object for the same services, so that what was made of them can be kept. */
export function inFamily(services: readonly Service[], family: 4 | 6): readonly Service[] {
  const known = familyOf.get(services)
  const both = known ?? {
    4: services.filter(({ protocol }) => belongsTo(protocol, 4)),
    6: services.filter(({ protocol }) => belongsTo(protocol, 6)),
  }
  if (!known) familyOf.set(services, both)
  return both[family]
}

const familyOf = new WeakMap<readonly Service[], Readonly<Record<4 | 6, readonly Service[]>>>()
