import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { LabUnavailable } from './lab-unavailable.ts'
import { processes, readProcess, signalProcess } from './process-table.ts'
import { run } from './run.ts'

const PREFIX = 'spanwire-lab'

/** `name` holds who made it (pid and start time), so that anybody can tell a living lab from what a crash left. */
export type LabDirectory = { name: string; path: string }

/**
 * Where the disks of a lab's hosts lie. It has to be on a file system that overlayfs takes as its upper layer, which
 * another overlay (the root of most containers) is not: then memory serves.
 */
export async function makeLabDirectory(): Promise<LabDirectory> {
  const owner = readProcess(process.pid)
  const name = `${PREFIX}-${process.pid}-${owner?.startedAt}-${randomBytes(4).toString('hex')}`
  for (const base of ['/tmp', '/dev/shm']) {
    const path = `${base}/${name}`
    mkdirSync(path, { mode: 0o700 })
    if (await carriesOverlay(path)) return { name, path }
    rmSync(path, { recursive: true })
  }
  throw new LabUnavailable(
    'namespaces',
    'neither /tmp nor /dev/shm can hold the upper layer of an overlay mount',
    'Mount a tmpfs on /tmp, or start the container with --privileged.',
  )
}

/**
 * What labs left behind whose owner is dead: their directories, and any process that carries their name. Processes end
 * with their owner by themselves (their standard input closes), so finding one means that it was stopped or stuck.
 */
export function sweepLeftovers(): void {
  const left = new RegExp(`${PREFIX}-(\\d+)-(\\d+)-[0-9a-f]{8}`)
  const orphaned = (text: string) => {
    const [, pid, startedAt] = left.exec(text) ?? []
    return pid !== undefined && readProcess(Number(pid))?.startedAt !== startedAt
  }
  for (const entry of processes()) {
    if (/^(unshare|nsenter|dash|sh)$/.test(entry.name) && orphaned(entry.command)) signalProcess(entry.pid, 'SIGKILL')
  }
  for (const base of ['/tmp', '/dev/shm']) {
    for (const name of readdirSync(base)) {
      if (name.startsWith(`${PREFIX}-`) && orphaned(name)) rmSync(`${base}/${name}`, { recursive: true, force: true })
    }
  }
}

async function carriesOverlay(path: string): Promise<boolean> {
  for (const layer of ['lower', 'upper', 'work', 'merged']) mkdirSync(`${path}/${layer}`)
  const options = `lowerdir=${path}/lower,upperdir=${path}/upper,workdir=${path}/work`
  const tried = await run(['unshare', '--mount', 'mount', '-t', 'overlay', 'overlay', '-o', options, `${path}/merged`])
  for (const layer of ['lower', 'upper', 'work', 'merged']) rmSync(`${path}/${layer}`, { recursive: true })
  return tried.code === 0
}
