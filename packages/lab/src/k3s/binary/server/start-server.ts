import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerConfig } from '../config/server-config.ts'
import { extractData } from '../extract-data.ts'
import { flaw } from '../flaws.ts'
import { log } from '../log.ts'
import { notifyReady } from '../notify-ready.ts'
import { paths } from '../paths.ts'
import { formatToken } from '../token.ts'
import { version } from '../version.ts'
import { approveRequests } from './approve-requests.ts'
import { startControllers } from './controllers.ts'
import { deployManifests } from './deploy-manifests.ts'
import { openEtcdPorts } from './etcd-ports.ts'
import { createIdentity, type Identity, loadIdentity, saveIdentity } from './identity.ts'
import { joinServer } from './join-server.ts'
import { writeKubeconfig } from './kubeconfig.ts'
import { listen } from './listen.ts'
import { seed } from './seed.ts'
import { ServerAddresses } from './server-addresses.ts'
import { Store } from './store.ts'
import { Upstream } from './upstream.ts'

export type LocalServer = { url: string; token: string }

/** Ends in readiness towards systemd; the node's side starts after it, with what this returns. */
export async function startServer(config: ServerConfig): Promise<LocalServer> {
  log.info(`Starting k3s ${version}`)
  extractData(config.data)
  if (flaw('crash-at-start')) throw new Error('starting kubernetes: preparing server: the lab made it crash')
  const slow = flaw('slow-start')
  if (slow) await sleep(Number(slow) * 1000)
  const identity = await identityOf(config)
  saveIdentity(config.data, identity)
  const addresses = new ServerAddresses(config)
  const isFirst = config.serverUrl === ''
  const name = config.datastore === 'etcd' ? 'db/etcd/member/snap/db' : 'db/state.db'
  const store = new Store(paths.server(config.data, isFirst ? name : 'db/joined'))
  if (isFirst) {
    seed(store, config)
    startControllers(store, config)
    approveRequests(store, identity)
    deployManifests(store, config.data)
    addresses.publish(store)
    setInterval(() => addresses.publish(store), 1000)
  }
  const advertised = `${config.advertiseAddress}:${config.options.int('advertise-port', config.port)}`
  const upstream = isFirst ? undefined : await Upstream.to(config.serverUrl, identity, advertised)
  if (config.datastore === 'etcd') await openEtcdPorts(config.nodeIp)
  await listen({ config, identity, store, addresses }, upstream)
  await writeKubeconfig(config, identity)
  log.info(`Wrote kubeconfig ${config.options.string('write-kubeconfig', paths.kubeconfig)}`)
  log.info('Kube API server is now running')
  log.info('k3s is up and running')
  notifyReady()
  const host = config.bindAddress === '0.0.0.0' ? '127.0.0.1' : config.bindAddress
  const password = identity.agentToken || identity.serverToken
  return { url: `https://${host}:${config.port}`, token: formatToken(`node:${password}`, identity.server.certificate) }
}

async function identityOf(config: ServerConfig): Promise<Identity> {
  if (config.serverUrl !== '' && !existsSync(paths.tls(config.data, 'server-ca.key'))) return joinServer(config)
  return loadIdentity(config) ?? createIdentity(config)
}
