import { spawn } from 'node:child_process'
import { chmod, chown, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { environmentOfChild } from '../env.ts'
import { Stop } from '../stop.ts'
import type { Binaries } from './binaries.ts'
import { lastWords } from './last-words.ts'
import type { RunAs } from './run-as.ts'

function fragment(data: string): string {
  return join(data, 'postgres.making')
}

/** An initdb that was cut short. */
export async function removeFragment(data: string): Promise<void> {
  await rm(fragment(data), { recursive: true, force: true })
}

/** In a directory beside, then renamed: a cluster is there whole or not at all. */
export async function makeCluster(data: string, cluster: string, binaries: Binaries, how: RunAs, password: string) {
  const making = fragment(data)
  await mkdir(making, { mode: 0o700 })
  const passwordFile = join(making, 'password')
  const directory = join(making, 'cluster')
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  await mkdir(directory, { mode: 0o700 })
  if (how.uid !== undefined && how.gid !== undefined)
    for (const path of [passwordFile, directory, making]) await chown(path, how.uid, how.gid)
  await Promise.all(
    [chmod(binaries.initdb, 0o755), chmod(binaries.postgres, 0o755)].map((done) => done.catch(() => {})),
  )
  const made = await output(how, binaries.initdb, [
    `--pgdata=${directory}`,
    `--pwfile=${passwordFile}`,
    '--username=postgres',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The order of text must not change with the machine's C library.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
  ])
  if (made.code !== 0) {
    await removeFragment(data)
    throw new Stop(`The database cannot be made in ${cluster}: ${lastWords(made.text)}`)
  }
  await rename(directory, cluster)
  await removeFragment(data)
}

async function output(how: RunAs, program: string, args: string[]): Promise<{ code: number | null; text: string }> {
  const [first = '', ...rest] = [...how.prefix, program, ...args]
  const child = spawn(first, rest, {
    env: environmentOfChild(),
    uid: how.uid,
    gid: how.gid,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stdout.on('data', (chunk) => (text += chunk))
  child.stderr.on('data', (chunk) => (text += chunk))
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, text: error.message }))
    child.once('close', (code) => resolve({ code, text }))
  })
}
