import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { Machine } from './machine.ts'

/** /proc/uptime of a joined machine, by which the script measures all its waits, runs FACTOR times as fast from now on. */
export async function hurryClock(machine: Machine, factor: number): Promise<Disposable> {
  const [running] = machine.host.processes(/current run$/)
  if (!running) throw new Error('the script does not run')
  const real = () => Number(readFileSync(`/proc/${running.pid}/root/proc/uptime`, 'utf8').split(' ')[0])
  const begun = { uptime: real(), at: performance.now() }
  const file = openSync(`/proc/${running.pid}/root/dev/shm/uptime`, 'w')
  // Always as long, and written in place: nobody ever reads half of it.
  const write = () => {
    const uptime = begun.uptime + (factor * (performance.now() - begun.at)) / 1000
    writeSync(
      file,
      `${uptime
        .toFixed(2)
        .padStart(12, '0')
        .replace(/^0+(?=\d)/, '')} 0.00\n`.padEnd(24, ' '),
      0,
    )
  }
  write()
  await machine.host.output('mount --bind /dev/shm/uptime /proc/uptime')
  const timer = setInterval(write, 20)
  return {
    [Symbol.dispose]() {
      clearInterval(timer)
      closeSync(file)
    },
  }
}
