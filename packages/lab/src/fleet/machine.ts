/** The machine under a simulated node: its clocks and what /proc would say, at any time. All times are unix seconds. */
import type { Hardware, Inhabitant } from './population.ts'
import { dfView, loadavgView, meminfoView, netdevView, statView } from './proc-views.ts'
import type { Block } from './render-message.ts'
import { seeded, seededBytes } from './seeded.ts'
import { type Wave, wave } from './wave.ts'

const TICKS = 100
/** Of a full day's packets, the size that fits bytes and packets of real counters together. */
const BYTES_A_PACKET = 640

export class SimulatedMachine {
  readonly #seed: string
  readonly #hardware: Hardware
  readonly #cpu: Wave
  readonly #memory: Wave
  readonly #disk: Wave
  readonly #chatter: Wave
  #bootedAt: number
  #boots = 0
  /** What its clock is ahead of the true one. */
  skewSeconds: number
  /** What else fills its disk, 0..1 of what is left. */
  diskFill = 0
  /** The largest packet that its link carries. */
  underlay = 1500

  /** Running at that time, as it has been for days. */
  constructor(seed: string, who: Inhabitant, at: number) {
    const random = seeded(seed, who.name, 'machine')
    this.#seed = `${seed} ${who.name}`
    this.#hardware = who.hardware
    this.skewSeconds = who.skewSeconds
    this.#cpu = wave(random, 0.04 + 0.4 * random() ** 2, 0.85)
    this.#memory = wave(random, 0.25 + 0.4 * random(), 0.18)
    this.#disk = wave(random, 0.2 + 0.5 * random(), 0.06)
    this.#chatter = wave(random, 400 + 4_000 * random(), 0.8)
    this.#bootedAt = at - 86_400 * (1 + 60 * random())
  }

  get bootedAt(): number {
    return this.#bootedAt
  }

  reboot(at: number): void {
    this.#bootedAt = at
    this.#boots++
  }

  /** A uuid of this boot. */
  get bootId(): string {
    const hex = seededBytes(this.#seed, 'boot', this.#boots, this.#bootedAt).toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  }

  /** /proc/uptime; never stepped. */
  uptime(at: number): number {
    return Math.max(0, at - this.#bootedAt)
  }

  /** `date +%s` */
  unix(at: number): number {
    return Math.floor(at + this.skewSeconds)
  }

  /** 0..1 of all processors, memory, disk, and the load: what a chart will show. */
  measures(at: number): { cpu: number; memory: number; disk: number; load1: number } {
    const cpu = this.#cpu.at(at)
    const disk = this.#disk.at(at)
    return {
      cpu: Math.min(1, cpu),
      memory: Math.min(0.97, this.#memory.at(at)),
      disk: disk + (1 - disk) * this.diskFill,
      load1: this.#hardware.cpus * cpu * 1.15,
    }
  }

  /** loadavg, meminfo, stat, df, netdev. */
  blocks(at: number, tunnels: readonly { name: string; rxBytes: number; txBytes: number }[]): Block[] {
    const { cpus, memoryKb, diskKb, device } = this.#hardware
    const { memory, disk } = this.measures(at)
    const load = (seconds: number) => this.measures(at - seconds).load1
    return [
      [
        'loadavg',
        loadavgView(
          [load(0), load(120), load(420)],
          `${1 + (Math.floor(at) % 3)}/${120 + cpus * 31} ${Math.floor(at) % 32768}`,
        ),
      ],
      ['meminfo', meminfoView(memoryKb, Math.floor(memoryKb * (1 - memory)))],
      ['stat', statView(this.#ticks(at))],
      ['df', dfView(device, diskKb, Math.floor(diskKb * disk), Math.floor(diskKb * (1 - disk)))],
      ['netdev', netdevView(this.#interfaces(at, tunnels))],
    ]
  }

  #ticks(at: number): number[] {
    const all = this.uptime(at) * TICKS * this.#hardware.cpus
    const busy = Math.min(
      all,
      Math.max(0, this.#cpu.total(at) - this.#cpu.total(this.#bootedAt)) * TICKS * this.#hardware.cpus,
    )
    const [user, nice, system, soft] = [0.7, 0.01, 0.24, 0.05].map((share) => Math.floor(busy * share)) as [
      number,
      number,
      number,
      number,
    ]
    const idle = Math.floor((all - busy) * 0.996)
    return [user, nice, system, idle, Math.floor((all - busy) * 0.004), 0, soft, 0, 0, 0]
  }

  #interfaces(at: number, tunnels: readonly { name: string; rxBytes: number; txBytes: number }[]) {
    const own = Math.floor(this.#chatter.total(at) - this.#chatter.total(this.#bootedAt))
    const sum = (read: (tunnel: { rxBytes: number; txBytes: number }) => number) =>
      tunnels.reduce((total, each) => total + read(each), 0)
    const counters = (name: string, rxBytes: number, txBytes: number) => ({
      ...{ name, rxBytes, txBytes },
      rxPackets: Math.floor(rxBytes / BYTES_A_PACKET),
      txPackets: Math.floor(txBytes / BYTES_A_PACKET),
    })
    // A packet of 1,420 bytes leaves as one of 1,500.
    const outer = (bytes: number) => Math.floor(bytes * 1.06)
    return [
      counters('lo', Math.floor(own / 9), Math.floor(own / 9)),
      counters(
        'eth0',
        own + outer(sum(({ rxBytes }) => rxBytes)),
        Math.floor(own / 3) + outer(sum(({ txBytes }) => txBytes)),
      ),
      ...tunnels.map(({ name, rxBytes, txBytes }) => counters(name, rxBytes, txBytes)),
    ]
  }
}
