import type { ServerConfig } from '../config/server-config.ts'
import type { Store } from './store.ts'

/** A server that has been silent this long is taken out (the API server's lease reconciler: 15 s). */
const LEASE_MS = 15_000

/**
 * Which servers live, as `advertise-address:port`. It is also what the endpoints of the service `kubernetes` hold, so what
 * agents connect to once they have joined.
 */
export class ServerAddresses {
  readonly #own: string
  readonly #heard = new Map<string, number>()

  constructor(config: ServerConfig) {
    this.#own = `${config.advertiseAddress}:${config.options.int('advertise-port', config.port)}`
  }

  alive(address: string): void {
    this.#heard.set(address, Date.now())
  }

  list(): string[] {
    const others = [...this.#heard].filter(([, at]) => Date.now() - at < LEASE_MS).map(([address]) => address)
    return [this.#own, ...others.sort()]
  }

  publish(store: Store): void {
    const endpoints = store.find('endpoints', 'kubernetes')
    const addresses = this.list().map((address) => ({ ip: address.replace(/:\d+$/, '') }))
    const port = Number(this.#own.replace(/.*:/, ''))
    const subsets = [{ addresses, ports: [{ name: 'https', port, protocol: 'TCP' }] }]
    if (!endpoints || JSON.stringify(endpoints.subsets) === JSON.stringify(subsets)) return
    store.update('endpoints', endpoints, (object) => Object.assign(object, { subsets }))
  }
}
