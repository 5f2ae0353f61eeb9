import { parsePrefix } from '@spanwire/mesh/ip/prefix'
import { parseInterfaceName } from '@spanwire/mesh/names/parse-interface-name'
import { parseNetworkName } from '@spanwire/mesh/names/parse-network-name'
import { parseMtu } from '@spanwire/mesh/wireguard/mtu'
import { fieldProblem } from '~/ui/field-problem.ts'

export type NetworkValues = {
  name: string
  cidr4: string
  cidr6: string
  interfaceName: string
  listenPort: number
  mtu: number
  keepaliveSeconds: number
}

/** The very rules that the server applies, said while typing. */
export const networkRules = {
  name: (name: string) => fieldProblem(parseNetworkName(name)),
  cidr4: (cidr: string) =>
    fieldProblem(parsePrefix(cidr)) ?? (cidr.includes(':') ? 'This one is the IPv4 range' : null),
  cidr6: (cidr: string) => fieldProblem(parsePrefix(cidr)),
  interfaceName: (name: string) => fieldProblem(parseInterfaceName(name)),
  listenPort: (port: number) => within(port, 1, 65535, 'A UDP port is 1 to 65535'),
  mtu: (mtu: number) => fieldProblem(parseMtu(Number(mtu))),
  keepaliveSeconds: (seconds: number) =>
    within(seconds, 5, 120, 'From 5 to 120 s: home routers forget a silent UDP flow after 30 s or more'),
}

function within(value: number, least: number, most: number, otherwise: string): string | null {
  return Number.isInteger(value) && value >= least && value <= most ? null : otherwise
}
