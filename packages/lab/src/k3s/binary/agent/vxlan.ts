import type { Interface } from '../interfaces.ts'
import { log } from '../log.ts'
import { ip, ipJson, tried } from '../run.ts'
import type { Backend, Lease } from './flannel.ts'

// flannel's defaults on Linux.
const DEVICE = 'flannel.1'
const VNI = '1'
const PORT = '8472'
const OVERHEAD = 50

/** Another node's range lies behind its flannel.1: route, neighbour and forwarding entry are static, learning is off. */
export class Vxlan implements Backend {
  readonly type = 'vxlan'
  readonly mtu: number
  readonly #iface: Interface
  readonly #address: string
  #known = new Map<string, Lease>()

  constructor(iface: Interface, address: string) {
    this.#iface = iface
    this.#address = address
    this.mtu = iface.mtu - OVERHEAD
    this.#ensureDevice()
  }

  get data(): string {
    const [link] = ipJson<{ address: string }>('link', 'show', DEVICE)
    return JSON.stringify({ VNI: Number(VNI), VtepMAC: link?.address })
  }

  apply(leases: Lease[]): void {
    if (!tried('ip', ['link', 'show', DEVICE])) this.#ensureDevice()
    for (const lease of leases) {
      const mac: string = JSON.parse(lease.backendData).VtepMAC
      const network = lease.subnet.replace(/\/.*/, '')
      ip('neigh', 'replace', network, 'lladdr', mac, 'dev', DEVICE, 'nud', 'permanent')
      const known = this.#known.get(lease.subnet)
      if (JSON.stringify(known) !== JSON.stringify(lease)) {
        if (known) this.#forget(known)
        this.#bridge('append', lease, mac)
      }
      ip('route', 'replace', lease.subnet, 'via', network, 'dev', DEVICE, 'onlink')
    }
    for (const [subnet, lease] of this.#known) {
      if (leases.some((each) => each.subnet === subnet)) continue
      tried('ip', ['route', 'del', subnet, 'dev', DEVICE])
      this.#forget(lease)
    }
    this.#known = new Map(leases.map((lease) => [lease.subnet, lease]))
  }

  #ensureDevice(): void {
    if (!tried('ip', ['link', 'show', DEVICE])) {
      const outer = ['dev', this.#iface.name, 'local', this.#address, 'dstport', PORT, 'nolearning']
      ip('link', 'add', DEVICE, 'mtu', String(this.mtu), 'type', 'vxlan', 'id', VNI, ...outer)
      log.info(`VXLAN device ${DEVICE} created over ${this.#iface.name}`)
      this.#known.clear()
    }
    ip('link', 'set', DEVICE, 'up')
  }

  #bridge(verb: string, { publicIp }: Lease, mac: string): void {
    tried('bridge', ['fdb', verb, mac, 'dev', DEVICE, 'dst', publicIp])
  }

  #forget(lease: Lease): void {
    this.#bridge('del', lease, JSON.parse(lease.backendData).VtepMAC)
    tried('ip', ['neigh', 'del', lease.subnet.replace(/\/.*/, ''), 'dev', DEVICE])
  }
}
