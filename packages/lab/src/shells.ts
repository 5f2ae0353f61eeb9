import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { type Ran, type RunOptions, run } from './run.ts'

/** The shells that `sh` is on the machines we support: Debian and Ubuntu, Alpine and OpenWrt, the RHEL family. */
export const shells = {
  dash: ['dash'],
  'busybox ash': ['busybox', 'sh'],
  'bash --posix': ['bash', '--posix'],
} as const satisfies Record<string, readonly string[]>

export type Shell = keyof typeof shells

/** For `test.each`. */
export const shellNames = Object.keys(shells) as Shell[]

/** Runs a script file, as `sh FILE ARGS` would. */
export function runScript(
  shell: Shell,
  file: string,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<Ran> {
  return run([...shells[shell], file, ...args], options)
}

/** Pipes a script into the shell, as `curl … | sh -s -- ARGS` would. */
export function pipeScript(
  shell: Shell,
  text: string,
  args: readonly string[] = [],
  options: Omit<RunOptions, 'stdin'> = {},
): Promise<Ran> {
  return run([...shells[shell], '-s', '--', ...args], { ...options, stdin: text })
}

/** Runs the text of a script from a file of its own, so that its standard input is free. */
export async function runText(
  shell: Shell,
  text: string,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<Ran> {
  const directory = mkdtempSync(`${tmpdir()}/spanwire-shell-`)
  try {
    writeFileSync(`${directory}/script`, text)
    return await runScript(shell, `${directory}/script`, args, options)
  } finally {
    rmSync(directory, { recursive: true })
  }
}
