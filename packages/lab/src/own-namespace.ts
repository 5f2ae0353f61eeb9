import { FAR, NEAR, rangeOf } from './internet-ranges.ts'
import { LabUnavailable, requireOwnNetwork } from './lab-unavailable.ts'
import { Outlet } from './outlet.ts'
import { run, runOrThrow } from './run.ts'
import type { Segment } from './segment.ts'

/** The namespace of this very process as a machine on the Internet: where the server, its database and the browser run. */
export class OwnNamespace extends Outlet {
  readonly segment: Segment
  readonly port: string
  readonly address: string
  readonly publicAddress: string

  private constructor(segment: Segment, address: string) {
    super()
    this.segment = segment
    this.port = segment.newPort()
    this.address = address
    this.publicAddress = address
  }

  static async plugIn(segment: Segment, address: string, labName: string): Promise<OwnNamespace> {
    const outlet = new OwnNamespace(segment, address)
    const range = rangeOf(address)
    const far = range.within === NEAR ? FAR : NEAR
    // The end of the lab's name is its random part; an interface name has at most 15 characters.
    const device = `lab-${labName.slice(-8)}`
    await segment.plug(outlet.port, { pid: process.pid, device, address: range.address })
    await runOrThrow(['ip', 'route', 'add', far.text, 'via', range.gateway, 'dev', device])
    return outlet
  }

  /** Taking the pair's end at the switch takes ours with it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.segment.unplug(this.port)
  }
}

/** Adds nothing to the machine's own network, nor to one where another lab has these addresses. */
export async function requireFreeNamespace(address: string): Promise<void> {
  requireOwnNetwork()
  const { stdout } = await run(['ip', '-o', 'addr', 'show', 'to', NEAR.text])
  if (stdout === '') return
  throw new LabUnavailable(
    'own-network',
    `another lab is plugged into this namespace already, so ${address} would be ambiguous`,
    'Close it first, start this one through within.ts of its own, or create it with controlPlane: false.',
  )
}
