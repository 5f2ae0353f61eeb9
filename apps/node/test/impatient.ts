import type { Machine } from './machine.ts'

/**
 * A machine on which waits of whole seconds take a moment and are written down, so that a test of many failures takes seconds.
 * The loop that measures paths, which is the first process of the script, keeps its time.
 */
export async function makeImpatient(machine: Machine): Promise<void> {
  await machine.host.writeFile(
    '/usr/local/bin/sleep',
    `#!/usr/bin/dash
read -r run _ < /run/spanwire/run
case $PPID:$1 in $run:* | *.*) exec /usr/bin/sleep "$@" ;; esac
echo "$1" >> /tmp/slept
exec /usr/bin/sleep 0.05
`,
    0o755,
  )
}

/** The waits so far, in seconds. */
export async function slept(machine: Machine): Promise<number[]> {
  const text = await machine.host.readFile('/tmp/slept').catch(() => '')
  return text.trim().split('\n').filter(Boolean).map(Number)
}
