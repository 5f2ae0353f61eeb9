import { readFileSync } from 'node:fs'
import type { Host } from '../host.ts'
import type { Flaw } from './binary/flaws.ts'
import { k3sProgram } from './k3s-program.ts'
import { K3S_VERSION } from './k3s-releases.ts'

/** What a test does to the k3s of one host, from outside. The host's own scripts use `k3s` and `systemctl` as anybody's do. */
export class K3sHost {
  readonly host: Host

  constructor(host: Host) {
    this.host = host
  }

  /** As an air-gapped machine is prepared: program and installer lie there, INSTALL_K3S_SKIP_DOWNLOAD=true does the rest. */
  async place(version = K3S_VERSION, installer = '/root/install.sh'): Promise<void> {
    await this.host.writeFile('/usr/local/bin/k3s', k3sProgram(version).file, 0o755)
    await this.host.writeFile(installer, readFileSync(new URL('./install.sh', import.meta.url)), 0o755)
  }

  /** What its k3s shall do wrong from now on, until `mend`. `slow-start` takes seconds. */
  async spoil(flaw: Flaw, value?: number): Promise<void> {
    const line = value === undefined ? flaw : `${flaw}=${value}`
    await this.host.output(['sh', '-c', 'mkdir -p /etc/k3s-lab && echo "$1" >> /etc/k3s-lab/flaws', 'sh', line])
  }

  async mend(): Promise<void> {
    await this.host.output('rm -f /etc/k3s-lab/flaws')
  }

  /** A file system for /var/lib/rancher that is too small for k3s; gone after a reboot or `freeDisk`. */
  async fillDisk(): Promise<void> {
    await this.host.output('mkdir -p /var/lib/rancher && mount -t tmpfs -o size=256k tmpfs /var/lib/rancher')
  }

  async freeDisk(): Promise<void> {
    await this.host.output('umount /var/lib/rancher')
  }

  /** kubectl with the administrator's configuration, on a server; JSON when `-o json` is asked for. */
  async kubectl(...args: string[]): Promise<string> {
    return this.host.output(['k3s', 'kubectl', ...args])
  }

  async nodes(): Promise<NodeView[]> {
    const { items } = JSON.parse(await this.kubectl('get', 'nodes', '-o', 'json'))
    return items.map(viewOf)
  }

  /** Waits until these nodes, and no others, are Ready; the error shows what they were. */
  async untilReady(names: string[], timeoutMs = 30_000): Promise<NodeView[]> {
    const deadline = Date.now() + timeoutMs
    for (;;) {
      const nodes = await this.nodes().catch(() => [])
      const ready = nodes.filter((node) => node.ready === 'True').map(({ name }) => name)
      if (ready.sort().join() === [...names].sort().join()) return nodes
      if (Date.now() > deadline) throw new Error(`not Ready within ${timeoutMs} ms: ${JSON.stringify(nodes)}`)
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
}

export type NodeView = {
  name: string
  ready: string
  reason: string
  internalIp: string
  podCidr: string
  version: string
  publicIp: string
}

// biome-ignore lint/suspicious/noExplicitAny: a Node as kubectl prints it
function viewOf({ metadata, spec, status }: any): NodeView {
  const ready = status.conditions.find((each: { type: string }) => each.type === 'Ready')
  return {
    name: metadata.name,
    ready: ready.status,
    reason: ready.reason,
    internalIp: status.addresses.find((each: { type: string }) => each.type === 'InternalIP')?.address ?? '',
    podCidr: spec.podCIDR ?? '',
    version: status.nodeInfo.kubeletVersion,
    publicIp: metadata.annotations['flannel.alpha.coreos.com/public-ip'] ?? '',
  }
}
