/**
 * A pod: a network namespace on cni0, made as the bridge plugin makes it, and one process in it that either answers HTTP
 * on the container's ports or, when the container has a command, is that command with this machine's own programs.
 */
import { spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { ip, run, tried } from '../run.ts'
import type { KubeObject } from '../server/kube-object.ts'
import { ensureBridge } from './bridge.ts'
import { readSubnet } from './subnet-env.ts'

type Port = { containerPort: number; hostPort?: number; protocol?: string }
type Note = { uid: string; namespace: string; name: string; address: string; netns: string; pid: number; ports: Port[] }

const LOGS = '/var/log/pods'

export class RunningPod {
  readonly #note: Note
  readonly #state: string

  private constructor(note: Note, state: string) {
    this.#note = note
    this.#state = state
  }

  static async start(object: KubeObject, address: string, node: string, state: string): Promise<RunningPod> {
    const { name, namespace = 'default', uid = '' } = object.metadata
    const containers: { command?: string[]; args?: string[]; ports?: Port[] }[] = object.spec.containers ?? []
    const netns = object.spec.hostNetwork ? '' : `cni-${randomUUID()}`
    if (netns !== '') plug(netns, address)
    const ports = containers.flatMap((each) => each.ports ?? [])
    const [first] = containers
    const command = [...(first?.command ?? []), ...(first?.args ?? [])]
    const listens = ports.map(({ containerPort }) => containerPort).join() || '80'
    // Through the link in the data directory, by which k3s-killall.sh knows what belongs to pods.
    const shim = [shimPath(), 'pod', namespace, name, node, address, listens]
    const argv = [...(netns === '' ? [] : ['ip', 'netns', 'exec', netns]), ...shim, ...command]
    mkdirSync(LOGS, { recursive: true })
    const output = openSync(`${LOGS}/${uid}.log`, 'a')
    const child = spawn(argv[0] ?? '', argv.slice(1), { detached: true, stdio: ['ignore', output, output] })
    closeSync(output)
    child.unref()
    const note: Note = { uid, namespace, name, address, netns, pid: child.pid ?? 0, ports }
    writeFileSync(state, JSON.stringify(note))
    const pod = new RunningPod(note, state)
    for (let n = 0; n < 100 && command.length === 0 && !/listening/.test(pod.logs()); n += 1) await sleep(50)
    return pod
  }

  /** What an earlier k3s on this machine left running. */
  static adopt(state: string): RunningPod | undefined {
    const note: Note = JSON.parse(readFileSync(state, 'utf8'))
    return new RunningPod(note, state)
  }

  get uid(): string {
    return this.#note.uid
  }
  get namespace(): string {
    return this.#note.namespace
  }
  get name(): string {
    return this.#note.name
  }
  get address(): string {
    return this.#note.address
  }
  get ports(): Port[] {
    return this.#note.ports
  }

  ended(): boolean {
    return !existsSync(`/proc/${this.#note.pid}`) || /\n?exited \d+\n$/.test(this.logs())
  }

  exitCode(): number {
    return Number(/exited (\d+)\n$/.exec(this.logs())?.[1] ?? 137)
  }

  logs(): string {
    const file = `${LOGS}/${this.#note.uid}.log`
    return existsSync(file) ? readFileSync(file, 'utf8') : ''
  }

  exec(command: string[]): { code: number; output: string } {
    const { netns } = this.#note
    const [program = '', ...args] = netns === '' ? command : ['ip', 'netns', 'exec', netns, ...command]
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000 })
    return { code: status ?? 137, output: stdout + stderr }
  }

  async stop(): Promise<void> {
    const { pid, netns } = this.#note
    signalGroup(pid, 'SIGTERM')
    for (let n = 0; n < 20 && existsSync(`/proc/${pid}`); n += 1) await sleep(50)
    signalGroup(pid, 'SIGKILL')
    if (netns !== '') tried('ip', ['netns', 'delete', netns])
    rmSync(this.#state, { force: true })
  }
}

/** Not by the program: procps' `kill -TERM -1234` reads -1, which is everybody. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // It is gone.
  }
}

function plug(netns: string, address: string): void {
  const subnet = readSubnet()
  if (!subnet) throw new Error('loadFlannelSubnetEnv failed: open /run/flannel/subnet.env: no such file or directory')
  ensureBridge(subnet)
  const veth = `veth${randomUUID().slice(0, 8)}`
  const gateway = subnet.subnet.replace(/\/.*/, '')
  const length = subnet.subnet.replace(/.*\//, '')
  ip('netns', 'add', netns)
  ip(...['link', 'add', veth, 'mtu', String(subnet.mtu), 'type', 'veth', 'peer', 'name', 'eth0', 'netns', netns])
  ip('link', 'set', veth, 'master', 'cni0', 'up')
  ip('link', 'set', veth, 'type', 'bridge_slave', 'hairpin', 'on')
  const inside = (...args: string[]) => run('ip', ['-n', netns, ...args])
  inside('link', 'set', 'lo', 'up')
  inside('addr', 'add', `${address}/${length}`, 'dev', 'eth0')
  inside('link', 'set', 'eth0', 'mtu', String(subnet.mtu), 'up')
  inside('route', 'add', 'default', 'via', gateway)
  inside('route', 'add', subnet.network, 'via', gateway)
}

function shimPath(): string {
  return run('sh', ['-c', 'ls -dt /var/lib/rancher/k3s/data/*/bin/containerd-shim-runc-v2 | head -n 1']).trim()
}
