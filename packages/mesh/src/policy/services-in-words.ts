import { formatServices } from './format-services.ts'
import { hasPorts, mergeServices, type PortRange, SCTP, type Service, TCP, UDP } from './service.ts'

/** As a person says it in a sentence: `port 53, TCP and UDP`, `TCP ports 2379 to 2380`, `every packet`. */
export function servicesInWords(services: Iterable<Service>): string {
  const merged = mergeServices(services)
  const text = formatServices(merged)
  if (text === 'everything') return 'every packet'
  const [first] = merged
  const isOneList =
    first?.ports && merged.every(({ protocol, ports }) => hasPorts(protocol) && isSame(ports, first.ports))
  if (!isOneList || !first.ports) return text
  const names = merged.map(({ protocol }) => NAMES[protocol] ?? String(protocol))
  const [port] = first.ports
  const many = first.ports.length > 1 || (port && port.first !== port.last)
  const list = first.ports.map(({ first, last }) => (first === last ? String(first) : `${first} to ${last}`)).join(', ')
  const ports = `port${many ? 's' : ''} ${list}`
  return names.length === 1 ? `${names[0]} ${ports}` : `${ports}, ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

const NAMES: Readonly<Record<number, string>> = { [TCP]: 'TCP', [UDP]: 'UDP', [SCTP]: 'SCTP' }

const isSame = (a: readonly PortRange[] | null, b: readonly PortRange[] | null): boolean =>
  JSON.stringify(a) === JSON.stringify(b)
