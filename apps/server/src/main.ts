// What `npm start` runs once everything is in place.

import { prepareEnvironment, readSettings } from './env.ts'
import { help } from './help.mjs'
import { makeLog } from './log.ts'
import { Stop } from './stop.ts'

/** Ctrl-C arrives twice where npm passes on what the terminal has already sent: only a later one is a second one. */
const SECOND_SIGNAL_MS = 500
/** Longer than all that closing may take; whatever hangs then is cut. */
const CLOSE_MS = 25_000

async function main(args: string[]): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(help())
    return
  }
  if (args.length > 0)
    throw new Stop(`There is no option ${args[0]}: settings are environment variables, see npm start -- --help.`)
  prepareEnvironment()
  const settings = readSettings()
  const log = makeLog(settings.log)
  // Loaded after the environment is prepared: Next and Prisma read it when they load.
  const { startServer } = await import('./start-server.ts')

  let signalled = 0
  const server = startServer(settings, log)
  const stop = async (signal: NodeJS.Signals) => {
    if (signalled > 0) {
      if (Date.now() - signalled > SECOND_SIGNAL_MS) process.exit(signal === 'SIGINT' ? 130 : 143)
      return
    }
    signalled = Date.now()
    log.say('closing (again to end at once)')
    setTimeout(() => process.exit(1), CLOSE_MS).unref()
    const running = await server.catch(() => null)
    await running?.close()
    process.exit(0)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.on('unhandledRejection', (error) => log.error(error, { part: 'unhandled' }))

  const { url, pin } = await server
  log.say(`Spanwire is at ${url}`)
  log.say(
    settings.databaseUrl ? 'its data is in the database that DATABASE_URL names' : `its data is in ${settings.data}`,
  )
  if (pin) log.say(`its certificate is its own; the key's pin is ${pin}`)
  if (!settings.url)
    log.say(
      'nodes elsewhere need an address of this machine: set SPANWIRE_URL, for example https://spanwire.example.com',
    )
}

main(process.argv.slice(2)).catch((error) => {
  if (error instanceof Stop) console.error(error.message)
  else makeLog('warn').error(error, { part: 'start' })
  process.exit(1)
})
