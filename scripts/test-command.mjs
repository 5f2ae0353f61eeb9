// Runs a program for `npm test`, with telemetry switched off, and says whether it ended well.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

const env = {
  ...process.env,
  CHECKPOINT_DISABLE: '1',
  DO_NOT_TRACK: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  TURBO_TELEMETRY_DISABLED: '1',
}

/** `quiet`: what it prints stays together and is printed when it has ended, since another runs beside it. */
export async function command(program, args, { quiet = false, environment = {} } = {}) {
  const output = quiet ? 'pipe' : 'inherit'
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', output, output], env: { ...env, ...environment } })
  const heard = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => heard.push(chunk))
  const ended = await new Promise((resolve) => {
    child.on('error', ({ message }) => resolve(`${program} could not be started: ${message}`))
    child.on('close', (code, signal) =>
      resolve(code === 0 ? '' : `${[program, ...args].join(' ')} ended with ${code ?? signal}`),
    )
  })
  if (heard.length > 0) process.stdout.write(Buffer.concat(heard))
  if (ended) console.error(ended)
  return one(!ended, ended)
}

/** A step that is one thing: it held or not. */
export function one(held, said = '') {
  return [{ file: '', name: '', state: held ? 'passed' : 'failed', said }]
}
