import { readFile } from 'node:fs/promises'

/**
 * Tells a process from a later one with the same number: its start in clock ticks since boot (proc(5), stat field 22).
 * null when it is gone. Where there is no /proc, 'alive' has to do.
 */
export async function processBirth(pid: number): Promise<string | null> {
  if (!isAlive(pid)) return null
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (line === null) return process.platform === 'linux' ? null : 'alive'
  // The name in parentheses may hold spaces: count from behind it. Field 3 is the state, Z is a zombie.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? null : (fields[19] ?? null)
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
