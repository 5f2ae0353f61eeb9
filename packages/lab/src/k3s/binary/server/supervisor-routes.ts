/** k3s's own doors under /v1-k3s (pkg/server/router.go), on the API server's port. */
import type { IncomingMessage } from 'node:http'
import { type KeyPair, sign } from '../certificates.ts'
import type { ServerConfig } from '../config/server-config.ts'
import { version } from '../version.ts'
import { byHeader, type Identity as Who } from './authenticate.ts'
import type { Identity } from './identity.ts'
import { ensureNodePassword, hasNodePassword } from './node-password.ts'
import { Refused } from './refused.ts'
import type { ServerAddresses } from './server-addresses.ts'
import type { Store } from './store.ts'

export type Cluster = { config: ServerConfig; identity: Identity; store: Store; addresses: ServerAddresses }

/** What agents take from the server, whatever their own flags say. */
export type ClusterNetwork = {
  clusterCidr: string
  serviceCidr: string
  clusterDns: string
  clusterDomain: string
  flannelBackend: string
  flannelExternalIp: boolean
  disableKubeProxy: boolean
  disableNetworkPolicy: boolean
}

export async function answerSupervisor(
  request: IncomingMessage,
  url: URL,
  who: Who,
  cluster: Cluster,
): Promise<string> {
  const { config, identity, addresses } = cluster
  const isServer = who.groups.includes('k3s:server') || who.name === 'system:k3s-supervisor'
  switch (url.pathname.replace('/v1-k3s/', '')) {
    case 'readyz':
      return 'ok'
    case 'config':
      return JSON.stringify({ ...networkOf(config), version, critical: isServer ? config.critical : undefined })
    case 'apiservers':
      return JSON.stringify(addresses.list())
    case 'client-ca.crt':
      return identity.client.certificate
    case 'server-ca.crt':
      return identity.server.certificate
    case 'client-kubelet.crt': {
      const node = requireNode(request, who, cluster)
      return joined(
        await sign(identity.client, { commonName: `system:node:${node}`, organizations: ['system:nodes'] }),
        identity.client,
      )
    }
    case 'serving-kubelet.crt': {
      const node = requireNode(request, who, cluster)
      const addresses = String(request.headers['k3s-node-ip'] ?? '').split(',')
      const names = ['127.0.0.1', 'localhost', node, ...addresses].filter((name) => name !== '')
      return joined(await sign(identity.server, { commonName: node, names }), identity.server)
    }
    case 'client-kube-proxy.crt':
      return joined(await sign(identity.client, { commonName: 'system:kube-proxy' }), identity.client)
    case 'client-k3s-controller.crt':
      return joined(await sign(identity.client, { commonName: 'system:k3s-controller' }), identity.client)
    case 'server-bootstrap': {
      if (!isServer) throw new Refused(403, 'Forbidden')
      if (config.datastore === 'sqlite') throw new Refused(400, 'Bad Request')
      return JSON.stringify({ identity, critical: config.critical, version, etcdAddress: config.nodeIp })
    }
    // Not k3s's: servers hear of each other through the datastore.
    case 'lab/alive':
      if (!isServer) throw new Refused(403, 'Forbidden')
      addresses.alive(url.searchParams.get('address') ?? '')
      return 'ok'
    default:
      throw new Refused(404, '404 page not found')
  }
}

function networkOf(config: ServerConfig): ClusterNetwork {
  return {
    clusterCidr: config.clusterCidr.text,
    serviceCidr: config.serviceCidr.text,
    clusterDns: config.clusterDns,
    clusterDomain: config.options.string('cluster-domain', 'cluster.local'),
    flannelBackend: config.flannelBackend,
    flannelExternalIp: config.options.bool('flannel-external-ip'),
    disableKubeProxy: config.options.bool('disable-kube-proxy'),
    disableNetworkPolicy: config.options.bool('disable-network-policy'),
  }
}

function requireNode(request: IncomingMessage, who: Who, { store, identity }: Cluster): string {
  const node = String(request.headers['k3s-node-name'] ?? '')
  const password = String(request.headers['k3s-node-password'] ?? '')
  if (node === '' || password === '') throw new Refused(400, 'node name not set')
  if (who.name.startsWith('system:node:')) {
    if (who.name !== `system:node:${node}`) throw new Refused(403, 'Forbidden')
    // A machine whose Node or password was deleted has to show a token again.
    const known = store.find('nodes', node) && hasNodePassword(store, node)
    if (!known && !byHeader(request, store, identity)) throw new Refused(401, 'Unauthorized')
  }
  ensureNodePassword(store, node, password)
  return node
}

/** The leaf, its authority, its key. */
function joined({ certificate, key }: KeyPair, authority: KeyPair): string {
  return certificate + authority.certificate + key
}
