import type { DeviceConfig } from './device-row.ts'

type Named = { device: string; network: string }

/** What stands for the private key where it is not known: only the device has it. */
export const KEY_ON_DEVICE = '(the one that is on the device)'

/** A configuration as wg-quick and the WireGuard apps read it. */
export function configText(config: DeviceConfig, privateKey: string, { device, network }: Named): string {
  const { addresses, mtu, dns } = config
  return `${[
    `# ${device} in ${network}`,
    '[Interface]',
    `PrivateKey = ${privateKey}`,
    `Address = ${addresses.join(', ')}`,
    ...(dns.length > 0 ? [`DNS = ${dns.join(', ')}`] : []),
    `MTU = ${mtu}`,
    '',
  ].join('\n')}\n${peerText(config)}`
}

/** Its gateway, the part that changes when another one carries. Nothing in it is secret. */
export function peerText({ peer }: DeviceConfig): string {
  return `${[
    `# ${peer.name}`,
    '[Peer]',
    `PublicKey = ${peer.publicKey}`,
    `Endpoint = ${peer.endpoint}`,
    `AllowedIPs = ${peer.allowedIps.join(', ')}`,
    `PersistentKeepalive = ${peer.keepaliveSeconds}`,
  ].join('\n')}\n`
}

/** wg-quick names its interface after the file: 15 characters of a few kinds. */
export function configFileName(network: string): string {
  const name = network.replaceAll(/[^A-Za-z0-9_=+.-]/g, '').slice(0, 15)
  return `${name || 'wg0'}.conf`
}
