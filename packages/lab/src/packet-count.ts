import type { Host } from './host.ts'

/**
 * Counts packets that pass a host in any direction, by nft matches such as `udp dport 8472`: a capture that is only asked how
 * much it has seen.
 */
export class PacketCount {
  readonly #host: Host
  readonly #matches: Record<string, string>

  private constructor(host: Host, matches: Record<string, string>) {
    this.#host = host
    this.#matches = matches
  }

  static async start(host: Host, matches: Record<string, string>): Promise<PacketCount> {
    const rules = Object.entries(matches).map(([name, match]) => `${match} counter name "${name}"`)
    const chain = (hook: string) =>
      `  chain ${hook} {\n    type filter hook ${hook} priority -400; policy accept;\n    ${rules.join('\n    ')}\n  }`
    const counters = Object.keys(matches).map((name) => `  counter ${name} { }`)
    const table = ['table inet lab_count {', ...counters, chain('prerouting'), chain('output'), '}'].join('\n')
    await host.output(['nft', '-f', '-'], { stdin: `${table}\n` })
    return new PacketCount(host, matches)
  }

  async read(): Promise<Record<string, number>> {
    const said = await this.#host.output('nft list counters table inet lab_count')
    const packets = (name: string) =>
      Number(new RegExp(`counter ${name} \\{\\s*packets (\\d+)`).exec(said)?.[1] ?? Number.NaN)
    return Object.fromEntries(Object.keys(this.#matches).map((name) => [name, packets(name)]))
  }
}
