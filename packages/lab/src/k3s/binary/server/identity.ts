/**
 * What a cluster's servers share and keep on disk: the authorities and the secrets. In real k3s this "bootstrap data" lies
 * encrypted with the server token in the datastore; here a joining server asks for it once and keeps it.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createAuthority, type KeyPair } from '../certificates.ts'
import type { ServerConfig } from '../config/server-config.ts'
import { paths } from '../paths.ts'
import { formatToken, parseToken } from '../token.ts'

export type Identity = { server: KeyPair; client: KeyPair; serverToken: string; agentToken: string }

/** The first start of a first server makes it. */
export async function createIdentity(config: ServerConfig): Promise<Identity> {
  return {
    server: await createAuthority('k3s-server-ca'),
    client: await createAuthority('k3s-client-ca'),
    serverToken: config.token === '' ? randomBytes(16).toString('hex') : normalize(config.token),
    agentToken: config.agentToken === '' ? '' : normalize(config.agentToken),
  }
}

/** Undefined before the first start. A token that is not the one the cluster was made with ends k3s. */
export function loadIdentity(config: ServerConfig): Identity | undefined {
  const { data } = config
  if (!existsSync(paths.tls(data, 'server-ca.key'))) return undefined
  const read = (name: string) => readFileSync(paths.tls(data, name), 'utf8')
  const token = (name: string) => {
    const file = paths.server(data, name)
    return existsSync(file) ? parseToken(readFileSync(file, 'utf8').trim()).password : ''
  }
  const identity = {
    server: { certificate: read('server-ca.crt'), key: read('server-ca.key') },
    client: { certificate: read('client-ca.crt'), key: read('client-ca.key') },
    serverToken: token('token'),
    agentToken: token('agent-token'),
  }
  if (config.token !== '' && normalize(config.token) !== identity.serverToken)
    throw new Error('bootstrap data already found and encrypted with different token')
  return identity
}

export function saveIdentity(data: string, identity: Identity): void {
  mkdirSync(paths.tls(data, ''), { recursive: true, mode: 0o700 })
  const write = (path: string, text: string, mode: number) => writeFileSync(path, text, { mode })
  for (const name of ['server', 'client'] as const) {
    write(paths.tls(data, `${name}-ca.crt`), identity[name].certificate, 0o644)
    write(paths.tls(data, `${name}-ca.key`), identity[name].key, 0o600)
  }
  const bundle = identity.server.certificate
  write(paths.server(data, 'token'), `${formatToken(`server:${identity.serverToken}`, bundle)}\n`, 0o600)
  if (identity.agentToken !== '')
    write(paths.server(data, 'agent-token'), `${formatToken(`node:${identity.agentToken}`, bundle)}\n`, 0o600)
  const nodeToken = paths.server(data, 'node-token')
  rmSync(nodeToken, { force: true })
  symlinkSync(paths.server(data, 'token'), nodeToken)
}

/** A first server takes a password, or the password of a full token; never a bootstrap token. */
function normalize(text: string): string {
  const { bootstrap, password } = parseToken(text)
  if (bootstrap !== undefined)
    throw new Error(
      'failed to normalize server token; must be in format K10<CA-HASH>::<USERNAME>:<PASSWORD> or <PASSWORD>',
    )
  return password
}
