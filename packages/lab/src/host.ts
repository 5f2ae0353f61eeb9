import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { dirname } from 'node:path'
import { type Holder, startHolder } from './holder.ts'
import { applyHostFirewall, type HostFirewall } from './host-firewall.ts'
import { HOST_INIT } from './host-init.ts'
import { HostProcess } from './host-process.ts'
import { bootSystemd, JOURNALCTL, SYSTEMCTL, unitLog } from './host-systemd.ts'
import { HOST_TOOLS, wrongDate } from './host-tools.ts'
import { Outlet } from './outlet.ts'
import { namespaceOf, type ProcessEntry, processes, readProcess, signalProcess } from './process-table.ts'
import { type Ran, type RunOptions, run, runOrThrow, start } from './run.ts'
import { newMac, type Segment } from './segment.ts'

export type HostOptions = {
  /** On the segment it is plugged into; a free one otherwise. */
  address?: string
  firewall?: HostFirewall
  /** `net.ipv4.conf.{all,default}.rp_filter`. 1, the default, is RHEL's and the strictest; systemd sets 2. */
  rpFilter?: 0 | 1 | 2
  hostname?: string
  /** What starts services: systemd's own unit files, read by a stand-in for systemctl, or nothing. systemd by default. */
  init?: 'systemd' | 'none'
  boardId?: string
}

export type HostPlace = {
  /** Stands in the process list of the machine; starts with the lab's unique name. */
  label: string
  /** Holds the disk and what is bound over /proc and /sys. */
  directory: string
  segment: Segment
  /** With prefix length. */
  address: string
  gateway: string
  /** The range that needs no Internet, for a machine at home. */
  lan?: string
  publicAddress: () => string
}

type Command = string | readonly string[]

/** A Linux machine: namespaces that live from power-on to power-off, and a disk that outlives them. */
export class Host extends Outlet {
  readonly name: string
  readonly segment: Segment
  readonly port: string
  readonly boardId: string
  readonly #place: HostPlace
  readonly #options: HostOptions
  readonly #mac = newMac()
  #holder: Holder | undefined

  private constructor(name: string, options: HostOptions, place: HostPlace) {
    super()
    this.name = name
    this.segment = place.segment
    this.port = place.segment.newPort()
    this.boardId = options.boardId ?? randomUUID()
    this.#place = place
    this.#options = options
  }

  static async create(name: string, options: HostOptions, place: HostPlace): Promise<Host> {
    const host = new Host(name, options, place)
    host.#makeDisk()
    await host.powerOn()
    return host
  }

  /** A machine with a copy of another's disk. */
  static async copy(of: Host, name: string, options: HostOptions, place: HostPlace): Promise<Host> {
    const host = new Host(name, { ...of.#options, ...options }, place)
    // `cp -a` keeps the marks of overlayfs (deleted files), which are device nodes and trusted attributes.
    mkdirSync(place.directory, { recursive: true })
    await runOrThrow(['cp', '-a', `${of.#place.directory}/disk`, `${place.directory}/disk`])
    host.#makeBoard()
    await host.powerOn()
    return host
  }

  get address(): string {
    return this.#place.address.replace(/\/.*/, '')
  }

  get publicAddress(): string {
    return this.#place.publicAddress()
  }

  get poweredOn(): boolean {
    return this.#holder !== undefined
  }

  /** Runs a command, or a line of shell, to its end. */
  exec(command: Command, options: RunOptions = {}): Promise<Ran> {
    return run(this.#enter(command, options.env), { ...options, env: ENVIRONMENT })
  }

  /** Runs a command that must succeed and returns what it printed. */
  output(command: Command, options: RunOptions = {}): Promise<string> {
    return runOrThrow(this.#enter(command, options.env), { ...options, env: ENVIRONMENT })
  }

  /** Starts a command that runs on. It ends with the host, with the lab, or by its own `stop`. */
  spawn(command: Command, options: Pick<RunOptions, 'env'> = {}): HostProcess {
    return new HostProcess(start(this.#enter(command, options.env), { env: ENVIRONMENT }))
  }

  async powerOn(): Promise<void> {
    if (this.#holder) return
    const { directory, label, segment, address, gateway } = this.#place
    writeFileSync(`${directory}/boot_id`, `${randomUUID()}\n`)
    const argv = ['unshare', '--net', '--mount', '--uts', '--ipc', '--pid', '--fork', '--kill-child']
    argv.push('--time', '--boottime', String(-Math.floor(uptime())))
    argv.push('sh', '-c', HOST_INIT, label, directory, this.#options.hostname ?? this.name)
    this.#holder = await startHolder(argv)
    const filter = this.#options.rpFilter ?? 1
    await this.output(
      `ip link set lo up; cd /proc/sys/net/ipv4; echo 0 > ip_forward; echo ${filter} > conf/all/rp_filter; echo ${filter} > conf/default/rp_filter`,
    )
    await segment.plug(this.port, { pid: this.#holder.pid, device: 'eth0', address, gateway, mac: this.#mac })
    if (this.#options.firewall) await applyHostFirewall(this, this.#options.firewall)
    if (this.#options.init !== 'none') await bootSystemd(this)
  }

  /** As pulling the plug: nothing is told, nothing is flushed. The disk stays, /run and the interfaces are gone. */
  async powerOff(): Promise<void> {
    await this.#end()
    await this.segment.unplug(this.port)
  }

  async reboot(): Promise<void> {
    await this.powerOff()
    await this.powerOn()
  }

  /** Leaves it its LAN only. A public machine has none, so for it this is `cut`. */
  cutInternet(): Promise<void> {
    const { lan } = this.#place
    return lan === undefined ? this.cut() : this.segment.cut(this.port, { kind: 'internet', lan })
  }

  /** Its processes as the lab sees them; by name (what `ps -C` takes), or by a pattern on the command line. */
  processes(which?: string | RegExp): ProcessEntry[] {
    const init = this.#init.pid
    const own = namespaceOf(init, 'pid')
    const furniture = readProcess(init)?.group
    const all = processes((pid) => namespaceOf(pid, 'pid') === own).filter(({ group }) => group !== furniture)
    if (which === undefined) return all
    // The kernel keeps 15 characters of a name.
    if (typeof which === 'string') return all.filter((entry) => entry.name === which.slice(0, 15))
    return all.filter((entry) => which.test(entry.command))
  }

  /** Signals processes by name or pattern. That there are none is an error: a test would go on believing it hit one. */
  signal(which: string | RegExp, signal: NodeJS.Signals): void {
    const hit = this.processes(which).filter(({ pid }) => signalProcess(pid, signal))
    // The `nsenter` that leads a command's group stopped itself with it.
    if (signal === 'SIGCONT') for (const { group } of hit) signalProcess(group, signal)
    if (hit.length === 0) throw new Error(`${this.name} runs no process ${which}`)
  }

  pause(which: string | RegExp): void {
    this.signal(which, 'SIGSTOP')
  }

  resume(which: string | RegExp): void {
    this.signal(which, 'SIGCONT')
  }

  /** What a service has printed, over all boots. */
  journal(unit: string): Promise<string> {
    return this.readFile(unitLog(unit)).catch(() => '')
  }

  /** Works on a machine that is off too, as taking its disk out would. */
  async readFile(path: string): Promise<string> {
    if (this.#holder) return this.output(['cat', '--', path])
    const written = this.#onDisk(path)
    return readFileSync(existsSync(written) ? written : path, 'utf8')
  }

  async writeFile(path: string, content: string | Buffer, mode = 0o644): Promise<void> {
    if (this.#holder) {
      const write = 'mkdir -p "$(dirname "$1")" && cat > "$1" && chmod "$2" "$1"'
      await this.output(['sh', '-c', write, 'sh', path, mode.toString(8)], { stdin: content })
      return
    }
    const target = this.#onDisk(path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, content)
    chmodSync(target, mode)
  }

  /** Sets how far this host's `date` is from the truth; 0 puts it right. Survives a reboot, as a wrong RTC does. */
  async stepClock(seconds: number): Promise<void> {
    if (seconds === 0) await this.output(['rm', '-f', '/usr/local/bin/date'])
    else await this.writeFile('/usr/local/bin/date', wrongDate(Math.trunc(seconds)), 0o755)
  }

  /** Its interfaces' counters, which count what really went over the wire. */
  async counters(device = 'eth0'): Promise<{ rxBytes: number; txBytes: number; rxPackets: number; txPackets: number }> {
    const names = ['rx_bytes', 'tx_bytes', 'rx_packets', 'tx_packets']
    const read = await this.output(['cat', ...names.map((name) => `/sys/class/net/${device}/statistics/${name}`)])
    const [rxBytes = 0, txBytes = 0, rxPackets = 0, txPackets = 0] = read.trim().split('\n').map(Number)
    return { rxBytes, txBytes, rxPackets, txPackets }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#end()
  }

  async #end(): Promise<void> {
    if (!this.#holder) return
    const holder = this.#holder
    const commands = new Set(this.processes().map(({ group }) => group))
    this.#holder = undefined
    const ended = holder.end()
    // The kernel ends a PID namespace only when each process in it has been waited for, and the `nsenter` in front of a
    // paused one is paused too.
    for (const command of commands) signalProcess(command, 'SIGCONT')
    await ended
  }

  get #init(): Holder {
    if (!this.#holder) throw new Error(`${this.name} is powered off`)
    return this.#holder
  }

  /** Without the rights that would reach the machine itself: its clock, its modules, its power. */
  #enter(command: Command, env: Record<string, string> = {}): string[] {
    const target = ['--target', String(this.#init.pid), '--mount', '--uts', '--ipc', '--net', '--pid', '--time']
    const bounded = ['setpriv', '--bounding-set=-sys_time,-sys_module,-sys_boot', '--']
    // The lab's name in the arguments lets a sweep find what a killed owner left stuck.
    const variables = Object.entries({ SPANWIRE_LAB_HOST: this.#place.label, ...env }).map(
      ([name, value]) => `${name}=${value}`,
    )
    const argv = typeof command === 'string' ? ['sh', '-c', command] : command
    return ['nsenter', ...target, '--', ...bounded, 'env', ...variables, ...argv]
  }

  #makeDisk(): void {
    const { directory } = this.#place
    const hostname = this.#options.hostname ?? this.name
    for (const top of ['etc', 'var', 'root', 'home', 'srv', 'opt', 'usr/local/bin']) {
      mkdirSync(`${directory}/disk/${top}`, { recursive: true })
    }
    chmodSync(`${directory}/disk/root`, 0o700)
    const etc = {
      'machine-id': `${randomUUID().replaceAll('-', '')}\n`,
      hostname: `${hostname}\n`,
      hosts: `127.0.0.1 localhost\n127.0.1.1 ${hostname}\n::1 localhost\n`,
      'resolv.conf': '',
    }
    for (const [name, text] of Object.entries(etc)) writeFileSync(`${directory}/disk/etc/${name}`, text)
    const tools =
      this.#options.init === 'none' ? HOST_TOOLS : { ...HOST_TOOLS, systemctl: SYSTEMCTL, journalctl: JOURNALCTL }
    for (const [name, text] of Object.entries(tools)) {
      writeFileSync(`${directory}/disk/usr/local/bin/${name}`, text, { mode: 0o755 })
    }
    this.#makeBoard()
  }

  /** What the firmware says stays with the machine, not with its disk. */
  #makeBoard(): void {
    const dmi = `${this.#place.directory}/board/dmi/id`
    mkdirSync(dmi, { recursive: true })
    writeFileSync(`${dmi}/product_uuid`, `${this.boardId}\n`, { mode: 0o400 })
    writeFileSync(`${dmi}/sys_vendor`, 'Spanwire lab\n')
  }

  #onDisk(path: string): string {
    if (!/^\/(etc|var|root|home|srv|opt|usr\/local)\//.test(path))
      throw new Error(`${path} is not on a host's own disk`)
    return `${this.#place.directory}/disk${path}`
  }
}

const ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  USER: 'root',
  LANG: 'C.UTF-8',
}
