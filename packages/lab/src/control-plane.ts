import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))

export interface ControlPlaneOptions {
  /** The data directory; kept when the server ends, so that a second start finds what the first one wrote. */
  data: string
  /** The address that nodes and browsers use, such as https://203.0.113.10:3000. Its port is the one listened on. */
  url: string
  tls?: 'self-signed' | 'off'
  env?: Record<string, string>
}

/**
 * The real server as a process of its own, so that a test can kill it as a machine's fault would. It is started the way
 * `npm start` starts it, without the install and the build.
 */
export class ControlPlane implements AsyncDisposable {
  #options: ControlPlaneOptions
  #process: ChildProcess | undefined
  #exited: Promise<void> = Promise.resolve()

  private constructor(options: ControlPlaneOptions) {
    this.#options = options
  }

  static async start(options: ControlPlaneOptions): Promise<ControlPlane> {
    const server = new ControlPlane(options)
    await server.start()
    return server
  }

  get url(): string {
    return this.#options.url
  }

  get logFile(): string {
    return join(this.#options.data, 'server.log')
  }

  /** Starts it and waits until it is ready; rejects with the end of its log when it ends first or takes over 2 minutes. */
  async start(): Promise<void> {
    await mkdir(this.#options.data, { recursive: true })
    const log = createWriteStream(this.logFile, { flags: 'a' })
    const child = spawn('node', ['--import', 'tsx', 'apps/server/src/main.ts'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...this.#environment() },
    })
    child.stdout.pipe(log, { end: false })
    child.stderr.pipe(log, { end: false })
    this.#process = child
    this.#exited = new Promise((resolve) => child.once('exit', () => resolve()))
    const deadline = Date.now() + 120_000
    while (!(await this.#ready())) {
      if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}:\n${await this.logTail()}`)
      if (Date.now() > deadline) throw new Error(`The server was not ready within 120 s:\n${await this.logTail()}`)
      await sleep(100)
    }
  }

  /** As the kernel's out-of-memory killer would: no goodbye to nodes, browsers or the database. */
  async kill(): Promise<void> {
    this.#process?.kill('SIGKILL')
    await this.#exited
  }

  /** Ends it and starts it with a clock that goes ahead: what has a time-out of minutes is over in seconds. */
  async skipAhead(seconds: number): Promise<void> {
    await this.stop()
    const code = `const real = Date, ahead = ${seconds * 1000}
globalThis.Date = class extends real {
  constructor(...given) { given.length === 0 ? super(real.now() + ahead) : super(...given) }
  static now() { return real.now() + ahead }
}`
    const clock = `--import=data:text/javascript,${encodeURIComponent(code)}`
    this.#options = { ...this.#options, env: { ...this.#options.env, NODE_OPTIONS: clock } }
    await this.start()
  }

  async stop(): Promise<void> {
    this.#process?.kill('SIGTERM')
    await this.#exited
  }

  /** Comes back under another address, with the same data: what an operator does who moves a server. */
  async moveTo(url: string): Promise<void> {
    await this.stop()
    this.#options = { ...this.#options, url }
    await this.start()
  }

  /** Runs `npm run admin` against this server's data; `input` goes to its standard input. */
  async admin(args: string[], input = ''): Promise<string> {
    const child = spawn('node', ['--import', 'tsx', 'apps/server/src/admin.ts', ...args], {
      cwd: root,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...this.#environment() },
    })
    let output = ''
    let errors = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.stderr.on('data', (chunk) => {
      errors += chunk
    })
    child.stdin.end(input)
    const code = await new Promise((resolve) => child.once('exit', resolve))
    if (code !== 0) throw new Error(`admin ${args.join(' ')} ended with ${code}: ${errors}`)
    return output
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process?.exitCode === null && this.#process.signalCode === null) await this.stop()
  }

  #environment(): Record<string, string> {
    const { data, url, tls = 'off', env = {} } = this.#options
    const port = new URL(url).port || '3000'
    return { SPANWIRE_DATA: data, SPANWIRE_URL: url, PORT: port, HOST: '0.0.0.0', SPANWIRE_TLS: tls, ...env }
  }

  async #ready(): Promise<boolean> {
    const secure = this.#options.url.startsWith('https:')
    const { request } = await import(secure ? 'node:https' : 'node:http')
    const port = new URL(this.#options.url).port
    return await new Promise<boolean>((resolve) => {
      const ask = request(
        // The test itself made this certificate's machine a moment ago; only nodes have to check the pin.
        { host: '127.0.0.1', port, path: '/readyz', rejectUnauthorized: false, timeout: 1000 },
        (answer: { statusCode?: number; resume(): void }) => {
          answer.resume()
          resolve(answer.statusCode === 200)
        },
      )
      ask.on('error', () => resolve(false))
      ask.on('timeout', () => ask.destroy())
      ask.end()
    })
  }

  /** Its last 30 lines. */
  async logTail(): Promise<string> {
    return (await readFile(this.logFile, 'utf8').catch(() => '')).split('\n').slice(-30).join('\n')
  }
}
