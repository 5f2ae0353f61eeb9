// `npm run demo`: the server as it is, with a fleet of simulated machines in front of it, so that a newcomer sees a living network.
import { randomBytes } from 'node:crypto'
import { Refusal } from '@spanwire/control/refusal'
import { foundNetwork, memberTokens } from '@spanwire/lab/fleet/found-network'
import { placeNames } from '@spanwire/lab/fleet/population'
import { type Rest, restOf } from '@spanwire/lab/fleet/rest'
import { makeApiKey } from './admin/make-api-key.ts'
import { makeOwner } from './admin/make-owner.ts'
import { withServices } from './admin/with-services.ts'
import { closing } from './closing.ts'
import { type DemoOptions, demoOptions } from './demo/demo-options.ts'
import {
  type DemoState,
  keysFile,
  newSeed,
  prepareDirectory,
  readDemoState,
  writeDemoState,
} from './demo/demo-state.ts'
import { fillHistory } from './demo/fill-history.ts'
import { startFleet } from './demo/fleet-process.ts'
import { giveCluster } from './demo/give-cluster.ts'
import { giveDevices } from './demo/give-devices.ts'
import { prepareEnvironment, type Settings, settings } from './env.ts'
import { makeLog } from './log.ts'
import { Stop } from './stop.ts'

const EMAIL = 'demo@example.org'
const KEY_NAME = 'demo, while it starts'

async function demo(options: DemoOptions): Promise<void> {
  const begun = performance.now()
  await prepareDirectory(options.data, options)
  prepareEnvironment()
  // Loaded after the environment is prepared: Next and Prisma read it when they load.
  const { startServer } = await import('./start-server.ts')
  const chosen = settings({ data: options.data, port: options.port, host: 'localhost', log: 'warn' })
  const log = makeLog('warn')
  const open = closing((error, part) => log.error(error, { closing: part }))
  closeOnSignal(() => open.close())

  const server = await startServer(chosen, log)
  open.add('server', () => server.close())
  const before = await readDemoState(options.data)
  const password = before ? null : randomBytes(12).toString('base64url')
  const rest = restOf(server.url, await keyFor(chosen, password))
  const { state, tokens } = await network(rest, options, before)
  await writeDemoState(options.data, state)
  const show = counter(`${state.nodes} simulated nodes at ${state.sites} sites are joining`)
  const fleet = await startFleet(
    {
      ...{
        url: server.url,
        pin: server.pin,
        nodes: state.nodes,
        sites: placeNames(state.sites),
        gateways: state.gateways,
        seed: state.seed,
        disk: keysFile(options.data),
        tokens,
      },
      // The ledger of a thousand joins is a thousand times the same: a small fleet shows it as well.
      ...{ tellsSteps: state.nodes <= 250, plays: options.incidents },
    },
    show,
  )
  open.add('fleet', () => fleet.stop())
  if (!before) {
    await giveCluster(rest, state.networkId)
    await withServices(chosen, (services) => giveDevices(services, { ...state, owner: EMAIL }))
  }
  await endTokens(rest, state.networkId)
  show(null)
  if (fleet.refused.length > 0) console.log(`${fleet.refused.length} were removed in an earlier demo and stay away`)

  console.log(`\nSpanwire is at ${server.url}, after ${((performance.now() - begun) / 1000).toFixed(0)} s`)
  console.log(`  e-mail    ${EMAIL}`)
  if (password) console.log(`  password  ${password}  (made for this demo and shown this once)`)
  else console.log('  password  as at its first start; --reset makes a new demo')
  console.log(`  its data  ${options.data}\n`)
  await withServices(chosen, ({ db }) => fillHistory(db, state, new Date()))
  console.log('Charts have a month of simulated history; the cluster comes up within two minutes. Ctrl-C ends.')
}

/** An owner at the first start; a key for this program, which ends with the start. */
function keyFor(chosen: Settings, password: string | null): Promise<string> {
  return withServices(chosen, async (services) => {
    if (password)
      await makeOwner(services, { email: EMAIL, name: 'Demo', password, organization: 'Demo' }).catch((error) => {
        throw error instanceof Refusal
          ? new Stop('An earlier start of this demo did not finish: begin anew with --reset.')
          : error
      })
    return makeApiKey(services, { name: KEY_NAME, role: 'admin', expiresDays: 1 })
  })
}

async function network(rest: Rest, options: DemoOptions, before: DemoState | null) {
  if (before) {
    const members = await memberTokens(rest, before.networkId, before.nodes)
    const [gateway] = Object.values(members)
    // A key of the network lets a node back in that is in already, the gateway too.
    if (gateway !== undefined) return { state: before, tokens: { gateway, members } }
    throw new Stop('The network of this demo lost its sites: begin anew with --reset.')
  }
  const { nodes, sites, gateways, topology } = options
  const { id, tokens } = await foundNetwork(rest, 'demo', { nodes, sites, gateways, topology })
  return { state: { seed: newSeed(), networkId: id, nodes, sites, gateways }, tokens }
}

/** Everybody is in: nothing that lets somebody in stays behind. */
async function endTokens(rest: Rest, networkId: string): Promise<void> {
  type Row = { id: string; name: string; revokedAt: string | null }
  for (const { id, revokedAt } of await rest<Row[]>('GET', `/networks/${networkId}/join-keys`))
    if (revokedAt === null) await rest('DELETE', `/join-keys/${id}`)
  for (const { id, name, revokedAt } of await rest<Row[]>('GET', '/api-keys'))
    if (name === KEY_NAME && revokedAt === null) await rest('DELETE', `/api-keys/${id}`)
}

/** One line that counts up, on a terminal. */
function counter(what: string): (count: number | null) => void {
  if (!process.stdout.isTTY) {
    console.log(what)
    return () => {}
  }
  return (count) => process.stdout.write(count === null ? '\r\x1b[K' : `\r${what}: ${count}`)
}

function closeOnSignal(close: () => Promise<void>): void {
  let isClosing = false
  const end = async () => {
    if (isClosing) return
    isClosing = true
    await close()
    process.exit(0)
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
}

demo(demoOptions(process.argv.slice(2))).catch((error) => {
  if (error instanceof Stop) console.error(error.message)
  else makeLog('warn').error(error, { part: 'demo' })
  process.exit(1)
})
