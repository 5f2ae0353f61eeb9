import type { ChildProcessByStdio } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { enterNetwork, type NetworkNamespace } from './network-namespace.ts'
import { killGroup, run, start } from './run.ts'

export type Attempt = {
  readonly protocol: 'tcp' | 'udp' | 'ping'
  readonly from: string
  readonly to: string
  readonly port?: number
}

/** Answers TCP and UDP on all addresses of a namespace. */
export class Echo {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>

  private constructor(child: ChildProcessByStdio<Writable, Readable, Readable>) {
    this.#child = child
  }

  static async start(namespace: NetworkNamespace, ports: readonly number[]): Promise<Echo> {
    const child = start([...enterNetwork(namespace.pid), process.execPath, '-e', SERVE, '--', JSON.stringify(ports)])
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => String(chunk).includes('ready') && resolve())
      child.once('exit', (code) => reject(new Error(`the echo ended with ${code}`)))
    })
    return new Echo(child)
  }

  [Symbol.dispose](): void {
    killGroup(this.#child.pid, 'SIGKILL')
  }
}

/** Which attempts got their answer, all tried at once. */
export async function tryAll(namespace: NetworkNamespace, attempts: readonly Attempt[]): Promise<boolean[]> {
  const { stdout, stderr } = await run([...enterNetwork(namespace.pid), process.execPath, '-e', TRY], {
    stdin: JSON.stringify(attempts),
  })
  if (stdout === '') throw new Error(`nothing was tried: ${stderr}`)
  return JSON.parse(stdout)
}

/** A TCP connection that stays open, to see whether what is said on it still comes back. */
export class OpenConnection {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>
  #heard = ''

  private constructor(child: ChildProcessByStdio<Writable, Readable, Readable>) {
    this.#child = child
    child.stdout.on('data', (chunk: Buffer) => {
      this.#heard += String(chunk)
    })
  }

  static async open(namespace: NetworkNamespace, { from, to, port }: Attempt): Promise<OpenConnection> {
    const connection = new OpenConnection(
      start([...enterNetwork(namespace.pid), process.execPath, '-e', TALK, '--', JSON.stringify({ from, to, port })]),
    )
    await connection.says('hello', 20_000)
    return connection
  }

  /** Whether a word came back in time. */
  async says(word: string, withinMs: number): Promise<boolean> {
    this.#child.stdin.write(word)
    return this.hears(word, withinMs)
  }

  async hears(word: string, withinMs: number): Promise<boolean> {
    const end = Date.now() + withinMs
    while (!this.#heard.includes(word) && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50))
    return this.#heard.includes(word)
  }

  [Symbol.dispose](): void {
    killGroup(this.#child.pid, 'SIGKILL')
  }
}

/** Asks once by UDP and hears from then on: whoever was asked goes on talking, to which nobody says anything more. */
export class Listener {
  readonly #children: ChildProcessByStdio<Writable, Readable, Readable>[]
  #heard = 0

  private constructor(children: ChildProcessByStdio<Writable, Readable, Readable>[], asker: Readable) {
    this.#children = children
    asker.on('data', (chunk: Buffer) => {
      this.#heard += chunk.length
    })
  }

  /** `at` is where whoever is asked lives, under the address that is asked unless it is said. Who asks does so from `fromPort`, or any. */
  static async ask(
    namespace: NetworkNamespace,
    at: NetworkNamespace,
    { from, to, port }: Attempt,
    { fromPort = 0, living = { to, port } }: { fromPort?: number; living?: Pick<Attempt, 'to' | 'port'> } = {},
  ): Promise<Listener> {
    const talker = start([...enterNetwork(at.pid), process.execPath, '-e', STREAM, '--', JSON.stringify(living)])
    await new Promise<void>((resolve, reject) => {
      talker.stdout.once('data', () => resolve())
      talker.once('exit', (code) => reject(new Error(`who is asked ended with ${code}`)))
    })
    const question = JSON.stringify({ from, to, port, fromPort })
    const asker = start([...enterNetwork(namespace.pid), process.execPath, '-e', ASK, '--', question])
    return new Listener([talker, asker], asker.stdout)
  }

  /** Whether something came within two seconds, in which twenty were sent. */
  async hears(): Promise<boolean> {
    const before = this.#heard
    for (let i = 0; i < 40 && this.#heard === before; i++) await new Promise((resolve) => setTimeout(resolve, 50))
    return this.#heard > before
  }

  [Symbol.dispose](): void {
    for (const child of this.#children) killGroup(child.pid, 'SIGKILL')
  }
}

const STREAM = `
const { to, port } = JSON.parse(process.argv[1])
const socket = require('node:dgram').createSocket(to.includes(':') ? 'udp6' : 'udp4')
socket.on('error', () => {})
socket.once('message', (message, from) => setInterval(() => socket.send('.', from.port, from.address, () => {}), 100))
socket.bind(port, to, () => console.log('ready'))`

const ASK = `
const { from, to, port, fromPort } = JSON.parse(process.argv[1])
const socket = require('node:dgram').createSocket(to.includes(':') ? 'udp6' : 'udp4')
socket.on('message', () => process.stdout.write('.'))
socket.bind(fromPort, from, () => socket.send('x', port, to))`

const SERVE = `
const ports = JSON.parse(process.argv[1])
const up = ports.map((port) => new Promise((resolve) => {
  require('node:net').createServer((socket) => { socket.on('error', () => {}); socket.pipe(socket) }).listen(port, '::', resolve)
})).concat(ports.flatMap((port) => ['udp4', 'udp6'].map((type) => new Promise((resolve) => {
  const socket = require('node:dgram').createSocket({ type, ipv6Only: type === 'udp6' })
  socket.on('message', (message, { port, address }) => socket.send(message, port, address))
  socket.bind(port, resolve)
}))))
Promise.all(up).then(() => console.log('ready'))`

// Two seconds: what is dropped never answers, what passes answers at once, and a busy machine is slow.
const TRY = `
const WAIT = 2000
const tcp = ({ from, to, port }) => new Promise((resolve) => {
  const socket = require('node:net').connect({ host: to, port, localAddress: from })
  const done = (good) => { socket.destroy(); resolve(good) }
  socket.setTimeout(WAIT, () => done(false)).on('error', () => done(false)).on('connect', () => socket.write('x')).on('data', () => done(true))
})
const udp = ({ from, to, port }) => new Promise((resolve) => {
  const socket = require('node:dgram').createSocket(to.includes(':') ? 'udp6' : 'udp4')
  const done = (good) => { clearTimeout(timer); socket.close(); resolve(good) }
  const timer = setTimeout(() => done(false), WAIT)
  socket.on('error', () => done(false)).on('message', () => done(true)).bind(0, from, () => socket.send('x', port, to))
})
const ping = ({ from, to }) => new Promise((resolve) => {
  require('node:child_process').execFile('ping', ['-n', '-c', '1', '-W', '2', '-I', from, to], (error) => resolve(!error))
})
const attempts = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
Promise.all(attempts.map((attempt) => ({ tcp, udp, ping })[attempt.protocol](attempt))).then((results) => console.log(JSON.stringify(results)))`

const TALK = `
const { from, to, port } = JSON.parse(process.argv[1])
const socket = require('node:net').connect({ host: to, port, localAddress: from })
process.stdin.pipe(socket).pipe(process.stdout)`
