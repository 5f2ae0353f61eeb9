import { closeSync, existsSync, openSync } from 'node:fs'
import { namespaceOf } from './process-table.ts'
import { run } from './run.ts'

export type Lack = 'root' | 'tun' | 'tools' | 'namespaces' | 'own-network'

/** This machine, or the way the tests were started, cannot carry a lab. `fix` is what a person has to do. */
export class LabUnavailable extends Error {
  readonly lack: Lack
  readonly fix: string
  constructor(lack: Lack, reason: string, fix: string) {
    super(`The network lab cannot run here: ${reason}. ${fix}`)
    this.name = 'LabUnavailable'
    this.lack = lack
    this.fix = fix
  }
}

const tools: Record<string, string> = {
  ip: 'iproute2',
  nft: 'nftables',
  iptables: 'iptables',
  wg: 'wireguard-tools',
  'wireguard-go': 'wireguard-go',
  ping: 'iputils-ping',
  busybox: 'busybox',
  curl: 'curl',
  unshare: 'util-linux',
}

/** What every lab needs of the machine, checked in the order in which a person would mend it. */
export async function requireMachine(): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new LabUnavailable('root', 'it makes network namespaces, which needs root', 'Run the same command as root.')
  }
  requireTun()
  const missing = Object.entries(tools).filter(([tool]) => !onPath(tool))
  if (missing.length > 0) {
    const packages = [...new Set(missing.map(([, debianPackage]) => debianPackage))].join(' ')
    throw new LabUnavailable(
      'tools',
      `${missing.map(([tool]) => tool).join(', ')} not found`,
      `Install the packages: apt-get install --no-install-recommends ${packages}`,
    )
  }
  const tried = await run(['unshare', '--net', '--mount', '--pid', '--uts', '--ipc', '--time', '--fork', 'true'])
  if (tried.code !== 0) {
    throw new LabUnavailable(
      'namespaces',
      `the kernel refuses new namespaces (${tried.stderr.trim()})`,
      'Inside a container start it with --privileged; outside one, Linux 5.6 or newer is needed.',
    )
  }
}

/** Set by within.ts to the namespace it made. */
export const OWN_NETWORK = 'SPANWIRE_LAB_NETWORK'

/** The lab adds an interface to the namespace it is started in, and the machine's own is not ours to change. */
export function requireOwnNetwork(): void {
  const own = process.env[OWN_NETWORK]
  if (own !== undefined && own === namespaceOf('self', 'net')) return
  throw new LabUnavailable(
    'own-network',
    "this process is not in a network namespace that the launcher made, so its network may be the machine's own",
    'Start it through the launcher: node --import tsx packages/lab/src/within.ts -- COMMAND …',
  )
}

function requireTun(): void {
  const fix = 'Load it with `modprobe tun`, or start the container with --device /dev/net/tun --cap-add NET_ADMIN.'
  if (!existsSync('/dev/net/tun')) throw new LabUnavailable('tun', '/dev/net/tun does not exist', fix)
  try {
    closeSync(openSync('/dev/net/tun', 'r+'))
  } catch (error) {
    throw new LabUnavailable('tun', `/dev/net/tun cannot be opened (${(error as Error).message})`, fix)
  }
}

function onPath(tool: string): boolean {
  const path = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`
  return path.split(':').some((directory) => directory !== '' && existsSync(`${directory}/${tool}`))
}
