import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parse } from 'yaml'
import { sign } from '../certificates.ts'
import type { ServerConfig } from '../config/server-config.ts'
import { paths } from '../paths.ts'
import type { Identity } from './identity.ts'

/** k3s.yaml, as k3s writes it at every start: an administrator's client certificate in it, readable by root. */
export async function writeKubeconfig(config: ServerConfig, identity: Identity): Promise<void> {
  const { certificate, key } = await sign(identity.client, {
    commonName: 'system:admin',
    organizations: ['system:masters'],
  })
  writeFileSync(paths.tls(config.data, 'client-admin.crt'), certificate + identity.client.certificate)
  writeFileSync(paths.tls(config.data, 'client-admin.key'), key, { mode: 0o600 })
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const host = config.bindAddress === '0.0.0.0' ? '127.0.0.1' : config.bindAddress
  const text = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${base64(identity.server.certificate)}
    server: https://${host}:${config.port}
  name: default
contexts:
- context:
    cluster: default
    user: default
  name: default
current-context: default
kind: Config
preferences: {}
users:
- name: default
  user:
    client-certificate-data: ${base64(certificate)}
    client-key-data: ${base64(key)}
`
  const file = config.options.string('write-kubeconfig', paths.kubeconfig)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text, { mode: 0o600 })
  chmodSync(file, Number.parseInt(config.options.string('write-kubeconfig-mode', '600'), 8))
}

export type Kubeconfig = { server: string; ca?: string; cert?: string; key?: string; token?: string }

/** The current context's server and credentials; undefined when there is no such file. */
export function readKubeconfig(file: string): Kubeconfig | undefined {
  if (!existsSync(file)) return undefined
  const read = parse(readFileSync(file, 'utf8'))
  const context = read.contexts.find((each: { name: string }) => each.name === read['current-context'])?.context
  const cluster = read.clusters.find((each: { name: string }) => each.name === context?.cluster)?.cluster
  const user = read.users.find((each: { name: string }) => each.name === context?.user)?.user ?? {}
  const content = (data?: string, path?: string) =>
    data ? Buffer.from(data, 'base64').toString() : path ? readFileSync(path, 'utf8') : undefined
  return {
    server: cluster.server,
    ca: content(cluster['certificate-authority-data'], cluster['certificate-authority']),
    cert: content(user['client-certificate-data'], user['client-certificate']),
    key: content(user['client-key-data'], user['client-key']),
    token: user.token,
  }
}
