/** The server as `npm start` runs it, without pages, with data and an embedded PostgreSQL of its own. */
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ControlPlane } from '@spanwire/lab/control-plane'
import { type Rest, restOf } from '@spanwire/lab/fleet/rest'
import { COLLECT } from './child.ts'
import type { Holder } from './hold-all.ts'

export type RealServer = Holder & {
  readonly key: string
  readonly rest: Rest
  /** Of this start of it. */
  holder(): Promise<{ pid: number; databaseUrl: string }>
  restart(): Promise<void>
  close(): Promise<void>
}

export async function startRealServer(): Promise<RealServer> {
  const data = await mkdtemp(join(tmpdir(), 'spanwire-bench-'))
  // PostgreSQL of root runs as another user, who passes through.
  await chmod(data, 0o711)
  const url = `http://127.0.0.1:${await freePort()}`
  const env = { SPANWIRE_CONSOLE: 'off', NODE_OPTIONS: `--import ${COLLECT}` }
  let server: ControlPlane | null = null
  const close = async () => {
    await server?.stop()
    await rm(data, { recursive: true, force: true })
  }
  try {
    server = await ControlPlane.start({ data, url, env })
    const running = server
    await running.admin(['make-owner', '--email', 'bench@example.org', '--name', 'Bench'], 'a password for benchmarks')
    const key = (await running.admin(['make-api-key', '--name', 'bench', '--role', 'admin'])).trim()
    return {
      ...{ url, key, rest: restOf(url, key), close },
      // Nodes wait up to 20 s (docs/protocol.md).
      holdPath: '/node/v1/sync?hold=20',
      heldShare: 0.99,
      held: () => heldBy(url),
      holder: async () => JSON.parse(await readFile(join(data, 'server.json'), 'utf8')),
      async restart() {
        await running.stop()
        await running.start()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function heldBy(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return Number(/^spanwire_sync_held (\d+)$/m.exec(metrics)?.[1])
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}
