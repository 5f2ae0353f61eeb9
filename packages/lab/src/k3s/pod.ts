import type { Host } from '../host.ts'
import type { HostProcess } from '../host-process.ts'
import type { Ran, RunOptions } from '../run.ts'

/** A pod from inside, as a place to run commands in: `ping`, curl, the ends of a TcpStream. */
export class Pod {
  readonly name: string
  readonly address: string
  readonly host: Host
  readonly #netns: string

  private constructor(host: Host, note: { name: string; address: string; netns: string }) {
    this.host = host
    this.name = note.name
    this.address = note.address
    this.#netns = note.netns
  }

  /** The pod of that name that runs on the host; waits for it. */
  static async on(host: Host, name: string, timeoutMs = 15_000): Promise<Pod> {
    const deadline = Date.now() + timeoutMs
    for (;;) {
      const { stdout } = await host.exec('for note in /run/k3s/pods/*; do cat "$note" && echo; done')
      const notes = stdout.split('\n').filter((line) => line.startsWith('{'))
      const note = notes.map((line) => JSON.parse(line)).find((each) => each.name === name)
      if (note) return new Pod(host, note)
      if (Date.now() > deadline) throw new Error(`${host.name} runs no pod ${name} after ${timeoutMs} ms: ${stdout}`)
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }

  exec(command: string | readonly string[], options: RunOptions = {}): Promise<Ran> {
    return this.host.exec(this.#enter(command), options)
  }

  output(command: string | readonly string[], options: RunOptions = {}): Promise<string> {
    return this.host.output(this.#enter(command), options)
  }

  spawn(command: string | readonly string[], options: Pick<RunOptions, 'env'> = {}): HostProcess {
    return this.host.spawn(this.#enter(command), options)
  }

  /** What the pod at an address says of itself and of who asked. Its address is there before its program listens. */
  async ask(address: string, port = 80): Promise<{ pod: string; node: string; address: string; client: string }> {
    const patient = ['--retry', '5', '--retry-connrefused', '--retry-delay', '1', '--retry-max-time', '6']
    return JSON.parse(await this.output(['curl', '-fsS', '--max-time', '5', ...patient, `http://${address}:${port}/`]))
  }

  #enter(command: string | readonly string[]): string[] {
    const argv = typeof command === 'string' ? ['sh', '-c', command] : command
    return ['ip', 'netns', 'exec', this.#netns, ...argv]
  }
}
