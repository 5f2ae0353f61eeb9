import type { ServerConfig } from '../config/server-config.ts'
import { HttpsClient } from '../https-client.ts'
import { parseAndValidateToken } from '../join-info.ts'
import { log } from '../log.ts'
import { basic } from '../token.ts'
import { version, versionNumbers } from '../version.ts'
import { reachEtcd } from './etcd-ports.ts'
import type { Identity } from './identity.ts'

type Bootstrap = { identity: Identity; critical: Record<string, string>; version: string; etcdAddress: string }

/** What a further server does before it is one: takes the bootstrap data of a living server and compares. Throws k3s's words. */
export async function joinServer(config: ServerConfig): Promise<Identity> {
  if (config.token === '') throw new Error('--token is required')
  const { caCerts, token } = await parseAndValidateToken(config.serverUrl, config.token)
  if (token.bootstrap !== undefined)
    throw new Error(
      'failed to normalize server token; must be in format K10<CA-HASH>::<USERNAME>:<PASSWORD> or <PASSWORD>',
    )
  const client = new HttpsClient(config.serverUrl, { ca: caCerts })
  const headers = { authorization: basic('server', token.password) }
  try {
    const text = await client.text('/v1-k3s/server-bootstrap', { headers })
    const theirs: Bootstrap = JSON.parse(text)
    compare(config, theirs.critical)
    refuseOlder(theirs.version)
    if (config.datastore === 'etcd') await reachEtcd(theirs.etcdAddress)
    return theirs.identity
  } finally {
    client.close()
  }
}

function compare({ critical }: ServerConfig, theirs: Record<string, string>): void {
  const different = Object.keys(critical).filter((name) => critical[name] !== theirs[name])
  if (different.length === 0) return
  for (const name of different) log.error(`critical configuration mismatched: ${name}`)
  throw new Error(`failed to validate server configuration: critical configuration value mismatch between servers`)
}

function refuseOlder(theirs: string): void {
  const [, minor] = versionNumbers(version)
  const [, theirMinor] = versionNumbers(theirs)
  if (minor < theirMinor)
    throw new Error(
      `failed to validate server configuration: incompatible down-level server detected: ${version} cannot join a cluster of ${theirs}`,
    )
}
