import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** `startedAt` is in clock ticks since boot: with the pid it names one process for ever, though pids are used again. */
export type ProcessEntry = { pid: number; name: string; command: string; group: number; startedAt: string }

/** The processes that a predicate on the pid lets through. Those that end while we read are left out. */
export function processes(wanted: (pid: number) => boolean = () => true): ProcessEntry[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter(wanted)
    .map(readProcess)
    .filter((entry) => entry !== undefined)
}

export function readProcess(pid: number): ProcessEntry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim()
    // The name may hold spaces and brackets, so the numbers are counted from the last bracket: proc(5), stat.
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z') return undefined
    return { pid, name, command, group: Number(fields[2]), startedAt: fields[19] ?? '' }
  } catch {
    return undefined
  }
}

/** The namespace a process lives in, as a name to compare; undefined when the process is gone. */
export function namespaceOf(pid: number | 'self', kind: 'net' | 'pid' | 'mnt'): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/${kind}`)
  } catch {
    return undefined
  }
}

/** False when the process ended before the signal reached it. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}
