// For tests: the server as a process of its own, as `npm start` runs it, so that it can be killed.
import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parentEnvironment } from './env.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

export type Ended = { code: number | null; output: string; errors: string }

export type Program = { child: ChildProcess; ended: Promise<Ended>; output(): string }

/** Runs main.ts or admin.ts with nothing of this process's own settings. */
export function run(
  program: 'main' | 'admin',
  env: Record<string, string>,
  args: string[] = [],
  input?: string,
): Program {
  const child = spawn(process.execPath, ['--import', 'tsx', `apps/server/src/${program}.ts`, ...args], {
    cwd: root,
    env: { ...parentEnvironment(), SPANWIRE_CONSOLE: 'off', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.on('error', () => {})
  child.stdin.end(input ?? '')
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, output, errors })))
  return { child, ended, output: () => `${output}${errors}` }
}

export async function untilReady(program: Program, url: string): Promise<void> {
  for (let waited = 0; waited < 120_000; waited += 50) {
    if (program.child.exitCode !== null) throw new Error(`the server ended: ${program.output()}`)
    const answer = await fetch(`${url}/readyz`).catch(() => null)
    if (answer?.ok) return
    await sleep(50)
  }
  throw new Error(`the server is not ready: ${program.output()}`)
}

/** A directory that others may pass through, as a clone in /srv is; gone at the end of the scope. */
export async function scratch(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'spanwire-server-'))
  await chmod(path, 0o711)
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
