// The composition root. What is started here is closed in reverse order, whether the server ends well or stops half-way.
import { mkdir } from 'node:fs/promises'
import { createMachine } from '@spanwire/control/machine/create-machine'
import { makeBridge } from './bridge.ts'
import { certificateFor } from './certificate.ts'
import { closing } from './closing.ts'
import { connect } from './connect.ts'
import { healthDoors } from './doors/health.ts'
import { metricsDoor } from './doors/metrics.ts'
import { nodeDoors } from './doors/node.ts'
import { restDoor } from './doors/rest.ts'
import { trpcDoor } from './doors/trpc.ts'
import type { Settings } from './env.ts'
import { countFailedTokens } from './failed-tokens.ts'
import { makeFront } from './front.ts'
import { startJobs } from './jobs/start-jobs.ts'
import { listenPort } from './listen-port.ts'
import { type Log, makeLog } from './log.ts'
import { makeServices } from './make-services.ts'
import { makeMetrics } from './metrics.ts'
import { nodeScript } from './node-script.ts'
import { startPostgres } from './postgres/start-postgres.ts'
import { contextMaker } from './request-context.ts'
import { serverSecret } from './server-secret.ts'
import { Stop } from './stop.ts'

export type RunningServer = {
  /** where nodes and browsers reach it */
  url: string
  /** what it listens on; differs from the address behind a proxy */
  port: number
  /** `sha256//…` when its certificate is self-signed */
  pin: string | null
  databaseUrl: string
  close(): Promise<void>
}

export async function startServer(settings: Settings, log: Log = makeLog(settings.log)): Promise<RunningServer> {
  const open = closing((error, part) => log.error(error, { closing: part }))
  try {
    const port = await listenPort(settings.host, settings.port)
    await makeDataDirectory(settings.data)
    const secret = await serverSecret(settings.data, settings.secret)
    const url = settings.url ?? `${settings.tls.kind === 'off' ? 'http' : 'https'}://localhost:${port}`
    const certificate = await certificateFor(settings.tls, settings.data, new URL(url).hostname.replace(/^\[|\]$/g, ''))
    const pin = certificate?.pin ?? null

    const databaseUrl = settings.databaseUrl ?? (await ownDatabase())
    const db = await connect(databaseUrl, settings.databaseUrl === null, (error) =>
      log.error(error, { part: 'database' }),
    )
    open.add('database connections', () => db.close())
    const services = await makeServices(db, secret, { url, pin }, log)
    open.add('hints', () => services.hints.close())
    const jobs = await startJobs(services, log)
    open.add('jobs', () => jobs.close())

    const { text, version, k3s, access, paths, delta, keys, status } = await nodeScript()
    const { now, random, seal, hints } = services
    const machine = createMachine({
      ...{ db, hints, now, random, seal },
      settings: {
        ...{ url, pin, scriptText: text, scriptVersion: version },
        ...{ k3sText: k3s, accessText: access, pathsText: paths, deltaText: delta, keysText: keys, statusText: status },
        servers: [{ url, pin }],
      },
    })

    let isOpen = false
    const front = makeFront(settings, certificate, log)
    const door = { db, secret, now }
    const makeContext = contextMaker(services, log)
    const metrics = makeMetrics(db, () => machine.waiting)
    nodeDoors(front, machine, countFailedTokens(), metrics.nodes, log)
    healthDoors(front, db, () => isOpen)
    metricsDoor(front, metrics, door)
    trpcDoor(front, door, makeContext)
    restDoor(front, door, makeContext)
    if (settings.web) {
      globalThis.__spanwire = makeBridge(services, door, makeContext, log)
      // Next takes seconds to load, and what serves only nodes does without.
      const { consoleDoor } = await import('./doors/console.ts')
      const pages = await consoleDoor(front, settings.host, port)
      open.add('console', () => pages.close())
    }
    open.add('connections', () => front.close())
    // Waiting nodes hear 204 and come again, to whoever serves then; their answers leave before the connections are cut.
    open.add('nodes', async () => {
      isOpen = false
      await machine.close()
      await new Promise((resolve) => setTimeout(resolve, 100))
    })
    await front.listen({ host: settings.host, port, backlog: BACKLOG }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EADDRINUSE'
        ? new Stop(`Port ${port} was taken by another program meanwhile: start again.`)
        : error
    })
    isOpen = true
    return { url, port, pin, databaseUrl, close: () => open.close() }
  } catch (error) {
    await open.close()
    throw error
  }

  async function ownDatabase(): Promise<string> {
    const postgres = await startPostgres(settings.data, log.say)
    open.add('PostgreSQL', () => postgres.close())
    return postgres.url
  }
}

/**
 * Connections that wait to be accepted. Past them the kernel drops what comes, and who is dropped tries again after 1, 3, 7, 15 s: of Node's
 * own 511 most nodes of a large fleet that comes back at once would be. Linux takes at most net.core.somaxconn, 4096 since 5.4.
 */
const BACKLOG = 4096

/** Others may pass through it, since PostgreSQL may have to run as another user; what lies in it is 0600 and 0700. */
async function makeDataDirectory(data: string): Promise<void> {
  await mkdir(data, { recursive: true, mode: 0o711 }).catch((error: NodeJS.ErrnoException) => {
    throw new Stop(`The data directory ${data} cannot be made (${error.code}): name another with SPANWIRE_DATA.`)
  })
}
