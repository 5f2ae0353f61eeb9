import { ip, tried } from '../run.ts'
import type { Subnet } from './subnet-env.ts'

/** cni0, made by the bridge plugin for the first pod and kept after. Its MTU stays what it was made with. */
export function ensureBridge({ subnet, mtu }: Subnet): void {
  if (tried('ip', ['link', 'show', 'cni0'])) {
    const address = ip('-4', '-o', 'addr', 'show', 'dev', 'cni0')
    if (!address.includes(` ${subnet} `))
      throw new Error(`failed to set bridge addr: "cni0" already has an IP address different from ${subnet}`)
    return
  }
  ip('link', 'add', 'cni0', 'mtu', String(mtu), 'type', 'bridge')
  ip('addr', 'add', subnet, 'brd', '+', 'dev', 'cni0')
  ip('link', 'set', 'cni0', 'up')
}
