import type { Host } from '../host.ts'
import type { HostProcess } from '../host-process.ts'

/** A host, or a pod on one. */
type Place = Pick<Host, 'spawn'>

/**
 * A watch on the API server by way of an address, such as the service's 10.43.0.1: the long connection of every controller
 * in a pod. What it hears are the nodes' leases, so each node's kubelet is heard once a period.
 */
export class ApiWatch {
  readonly #curl: HostProcess

  private constructor(curl: HostProcess) {
    this.#curl = curl
  }

  /** With the certificate of the kubelet on the place's own machine. */
  static async open(from: Place, address: string, port = 443): Promise<ApiWatch> {
    const agent = '/var/lib/rancher/k3s/agent'
    const url = `https://${address}:${port}/apis/coordination.k8s.io/v1/leases?watch=true`
    const argv = ['curl', '-sSN', '--cert', `${agent}/client-kubelet.crt`, '--key', `${agent}/client-kubelet.key`]
    const watch = new ApiWatch(from.spawn([...argv, '--cacert', `${agent}/server-ca.crt`, url]))
    await watch.#curl.waitFor(/"type":"ADDED"/)
    return watch
  }

  get events(): number {
    return this.#curl.stdout.split('\n').length - 1
  }

  get running(): boolean {
    return this.#curl.running
  }

  /** Waits until that many more events have come. */
  async heard(count: number, timeoutMs = 30_000): Promise<void> {
    const target = this.events + count
    const deadline = Date.now() + timeoutMs
    while (this.events < target) {
      if (!this.running || Date.now() > deadline)
        throw new Error(`the watch ${this.running ? 'hears nothing' : 'has ended'}: ${this.#curl.stderr}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#curl[Symbol.asyncDispose]()
  }
}
