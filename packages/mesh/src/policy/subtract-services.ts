import { LAST_PORT, mergeServices, type PortRange, type Service } from './service.ts'

/** What of `a` is not in `b`. */
export function subtractServices(a: Iterable<Service>, b: Iterable<Service>): readonly Service[] {
  const holes = new Map(mergeServices(b).map((service) => [service.protocol, service]))
  return mergeServices(a).flatMap((service): Service[] => {
    const hole = holes.get(service.protocol)
    if (!hole) return [service]
    if (hole.ports === null) return []
    const ports = subtractPorts(service.ports ?? [{ first: 0, last: LAST_PORT }], hole.ports)
    return ports.length === 0 ? [] : [{ protocol: service.protocol, ports }]
  })
}

/** Both sorted and merged. */
function subtractPorts(from: readonly PortRange[], holes: readonly PortRange[]): readonly PortRange[] {
  return from.flatMap((range) => {
    const left: PortRange[] = []
    let first = range.first
    for (const hole of holes) {
      if (hole.last < first || hole.first > range.last) continue
      if (hole.first > first) left.push({ first, last: hole.first - 1 })
      first = hole.last + 1
    }
    if (first <= range.last) left.push({ first, last: range.last })
    return left
  })
}
