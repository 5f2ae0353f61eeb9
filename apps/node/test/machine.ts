import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import type { Host } from '@spanwire/lab/host'
import type { Ran } from '@spanwire/lab/run'
import { type Shell, shells } from '@spanwire/lab/shells'
import type { FakeNode, FakeServer } from './fake-server.ts'
import { until } from './until.ts'

/** A host of the lab with one of the shells as its `sh`. */
export class Machine {
  readonly host: Host
  readonly server: FakeServer

  private constructor(host: Host, server: FakeServer) {
    this.host = host
    this.server = server
  }

  static async create(host: Host, server: FakeServer, shell: Shell): Promise<Machine> {
    // What is called `sh` is in POSIX mode when it is bash, and ash when it is busybox.
    // The disk of a host begins as this machine's, which may have a server's data.
    await host.output(`rm -rf /var/lib/spanwire; ln -s "$(command -v ${shells[shell][0]})" /usr/local/bin/sh`)
    // With its shell come its tools, as on Alpine; iproute2, iputils and procps are packages of their own there too.
    if (shell === 'busybox ash') {
      await host.output(`for tool in $(busybox --list); do
        case $tool in ip | ping* | ps | pidof | busybox | sh | mount | umount | nsenter | unshare | setpriv | modprobe | sleep) continue ;; esac
        ln -s "$(command -v busybox)" "/usr/local/bin/$tool"
      done`)
    }
    return new Machine(host, server)
  }

  /** Pastes the line of the page. */
  paste(node: FakeNode, args = ''): Promise<Ran> {
    const line = `curl -fsS ${this.server.url}/join | sh -s -- --token ${node.token} ${args}`
    return this.host.exec(line, { timeoutMs: 90_000 })
  }

  /** A fresh node of this machine's name, joined and in sync. */
  async join(role: 'gateway' | 'member' = 'gateway', args = ''): Promise<FakeNode> {
    const endpoint = role === 'gateway' ? `${this.host.address}:51820` : null
    const node = this.server.invite(this.host.name, role, endpoint)
    const pasted = await this.paste(node, args)
    if (pasted.code !== 0) throw new Error(`the line ended with ${pasted.code}:\n${pasted.stdout}${pasted.stderr}`)
    await this.synced()
    return node
  }

  /** Until a report says that this node has confirmed what the server has for it. */
  synced(timeoutMs = 30_000): Promise<void> {
    const node = this.server.nodes.find(({ name }) => name === this.host.name)
    if (!node) throw new Error(`${this.host.name} was not invited`)
    return until(`${node.name} in sync`, timeoutMs, () => {
      const report = this.server.last(node.name)
      return report?.confirmed.view === this.server.viewOf(node) && !report.trial
    })
  }

  spanwire(args: string): Promise<Ran> {
    return this.host.exec(`/usr/local/bin/spanwire ${args}`, { timeoutMs: 60_000 })
  }

  /** Read from outside: a process in the host for each look would take more time than what is looked at. */
  async log(): Promise<string> {
    const [running] = this.host.processes(/current run$/)
    const file = `/proc/${running?.pid}/root/run/spanwire/log`
    if (running && existsSync(file)) return readFileSync(file, 'utf8')
    return this.host.readFile('/run/spanwire/log').catch(() => '')
  }

  said(pattern: RegExp, timeoutMs = 30_000): Promise<void> {
    return until(`the log to say ${pattern}`, timeoutMs, async () => pattern.test(await this.log()))
  }

  /** All that a bad answer must leave alone, and none that another boot changes: keys and configuration on disk, tunnels, addresses, routes, firewall. */
  standing(): Promise<string> {
    return this.host.output(`for face in $(wg show interfaces); do
      for view in public-key listen-port peers allowed-ips persistent-keepalive; do echo "$face $view"; wg show $face $view; done
    done
    ip -o link show type tun | cut -d: -f2; ip -o addr | grep -v fe80; ip -4 route; ip -6 route | grep -v fe80; nft -s list ruleset; iptables -S
    sysctl -e net.ipv4.ip_forward net.ipv6.conf.all.forwarding
    ${FILES} /etc/spanwire /var/lib/spanwire/confirmed /var/lib/spanwire/script /usr/local/bin/spanwire | grep -v /etc/spanwire/new`)
  }

  /** What was written to this machine's own disk and memory file systems, and when; not what its disk began with. */
  async written(): Promise<string[]> {
    const upper = "sed -n 's/.*upperdir=\\([^,]*\\)\\/etc,.*/\\1/p' /proc/self/mountinfo | head -n 1"
    const disk = (await this.host.output(upper)).trim()
    const volatile = await this.host.output(`/usr/bin/find /run /tmp ! -type d -printf '%p %T@ %s\\n'`)
    const files = readdirSync(disk, { recursive: true, withFileTypes: true }).map((entry) => {
      const file = `${entry.parentPath}/${entry.name}`
      const { mtimeMs, size } = lstatSync(file)
      return entry.isDirectory() ? file : `${file} ${mtimeMs} ${size}`
    })
    return [...files, ...volatile.split('\n')].sort()
  }

  async digest(): Promise<string> {
    return createHash('sha256')
      .update(await this.standing())
      .digest('hex')
  }
}

// The tools by their paths: on a machine with busybox the names are its.
const FILES = `files() {
  /usr/bin/find "$@" -printf '%M %u %p %l\\n' 2>/dev/null | LC_ALL=C /usr/bin/sort
  /usr/bin/find "$@" -type f -exec /usr/bin/sha256sum {} + 2>/dev/null | LC_ALL=C /usr/bin/sort
}; files`
