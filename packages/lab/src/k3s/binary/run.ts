import { execFileSync, spawnSync } from 'node:child_process'

/** A program that must succeed; its output. The error's message is what it printed. */
export function run(command: string, args: string[], input?: string): string {
  try {
    return execFileSync(command, args, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] })
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string }
    throw new Error(stderr?.trim() || message)
  }
}

/** A program whose failure is an answer. */
export function tried(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

export function ip(...args: string[]): string {
  return run('ip', args)
}

export function ipJson<T>(...args: string[]): T[] {
  const text = run('ip', ['-j', ...args]).trim()
  return text === '' ? [] : JSON.parse(text)
}
