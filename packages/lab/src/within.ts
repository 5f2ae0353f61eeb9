/**
 * Runs a command on "the control plane's machine": a fresh network namespace with nothing but a loopback interface, in
 * which the test runner, the server, its database and the browser live together. A lab started there plugs that
 * namespace into its Internet, and the machine's own interfaces and firewall stay out of it.
 *
 *     node --import tsx packages/lab/src/within.ts -- COMMAND …
 */
import { spawn } from 'node:child_process'
import { LabUnavailable, OWN_NETWORK, requireMachine } from './lab-unavailable.ts'
import { exitCode } from './run.ts'

const command = process.argv.slice(process.argv[2] === '--' ? 3 : 2)
if (command.length === 0) {
  console.error('usage: within -- COMMAND …')
  process.exit(2)
}

try {
  await requireMachine()
} catch (error) {
  if (!(error instanceof LabUnavailable)) throw error
  console.error(error.message)
  process.exit(1)
}

// `unshare` and `sh` replace themselves, so the child is the command itself and gets the signals sent to it.
const enter = `ip link set lo up && ${OWN_NETWORK}=$(readlink /proc/self/ns/net) exec "$@"`
const child = spawn('unshare', ['--net', 'sh', '-c', enter, 'within', ...command], { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(exitCode(code, signal)))
