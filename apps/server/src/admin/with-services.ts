import { mkdir } from 'node:fs/promises'
import type { Services } from '@spanwire/control/context'
import { closing } from '../closing.ts'
import { connect } from '../connect.ts'
import type { Settings } from '../env.ts'
import { makeLog } from '../log.ts'
import { makeServices } from '../make-services.ts'
import { livingHolder } from '../postgres/cluster-lock.ts'
import { startPostgres } from '../postgres/start-postgres.ts'
import { serverSecret } from '../server-secret.ts'
import { Stop } from '../stop.ts'

/** Beside a running server through its database, else with the embedded one started for the while. */
export async function withServices<T>(settings: Settings, work: (services: Services) => Promise<T>): Promise<T> {
  const log = makeLog('warn')
  const open = closing((error, part) => log.error(error, { closing: part }))
  try {
    await mkdir(settings.data, { recursive: true, mode: 0o711 }).catch((error: NodeJS.ErrnoException) => {
      throw new Stop(
        `The data directory ${settings.data} cannot be made (${error.code}): name another with SPANWIRE_DATA.`,
      )
    })
    const secret = await serverSecret(settings.data, settings.secret)
    const url = settings.databaseUrl ?? (await runningDatabase(settings.data)) ?? (await ownDatabase())
    const db = await connect(url, settings.databaseUrl === null, () => {})
    open.add('database connections', () => db.close())
    const address = { url: settings.url ?? `http://localhost:${settings.port}`, pin: null }
    const services = await makeServices(db, secret, address, log)
    open.add('hints', () => services.hints.close())
    return await work(services)
  } finally {
    await open.close()
  }

  async function ownDatabase(): Promise<string> {
    const postgres = await startPostgres(settings.data, () => {})
    open.add('PostgreSQL', () => postgres.close())
    return postgres.url
  }
}

async function runningDatabase(data: string): Promise<string | null> {
  const holder = await livingHolder(data)
  if (holder && !holder.databaseUrl) throw new Stop('The server is just starting: try again in a moment.')
  return holder?.databaseUrl ?? null
}
