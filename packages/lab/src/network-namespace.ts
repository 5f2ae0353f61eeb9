import { type Holder, startHolder } from './holder.ts'
import { runOrThrow } from './run.ts'

/** A network namespace without a disk or processes of its own: a switch, a router, the Internet. */
export class NetworkNamespace {
  readonly label: string
  readonly #holder: Holder

  private constructor(label: string, holder: Holder) {
    this.label = label
    this.#holder = holder
  }

  /** The label stands in the process list; it starts with the lab's unique name. */
  static async create(label: string): Promise<NetworkNamespace> {
    const hold = 'echo "ready $$"; cat > /dev/null; exit 0'
    const namespace = new NetworkNamespace(label, await startHolder(['unshare', '--net', 'sh', '-c', hold, label]))
    await namespace.sh('ip link set lo up')
    return namespace
  }

  get pid(): number {
    return this.#holder.pid
  }

  /** Runs lines of shell inside, stopping at the first that fails. Its tools are the machine's own. */
  sh(lines: string): Promise<string> {
    return runOrThrow([...enterNetwork(this.pid), 'sh', '-eu'], { stdin: lines })
  }

  /** Loads a ruleset as one transaction. */
  nft(ruleset: string): Promise<string> {
    return runOrThrow([...enterNetwork(this.pid), 'nft', '-f', '-'], { stdin: ruleset })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#holder.end()
  }
}

export function enterNetwork(pid: number): string[] {
  return ['nsenter', '--target', String(pid), '--net', '--']
}
