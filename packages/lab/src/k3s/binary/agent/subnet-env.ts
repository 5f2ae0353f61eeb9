import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { paths } from '../paths.ts'

export type Subnet = { network: string; subnet: string; mtu: number }

/** /run/flannel/subnet.env, from which the CNI plugin takes range and MTU when a pod is made. */
export function writeSubnet({ network, subnet, mtu }: Subnet): void {
  mkdirSync(dirname(paths.subnetEnv), { recursive: true })
  const lines = [`FLANNEL_NETWORK=${network}`, `FLANNEL_SUBNET=${subnet}`, `FLANNEL_MTU=${mtu}`, 'FLANNEL_IPMASQ=true']
  writeFileSync(paths.subnetEnv, `${lines.join('\n')}\n`)
}

export function readSubnet(): Subnet | undefined {
  if (!existsSync(paths.subnetEnv)) return undefined
  const values = Object.fromEntries(
    readFileSync(paths.subnetEnv, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('=') as [string, string]),
  )
  const { FLANNEL_NETWORK: network = '', FLANNEL_SUBNET: subnet = '', FLANNEL_MTU: mtu } = values
  return { network, subnet, mtu: Number(mtu) }
}
