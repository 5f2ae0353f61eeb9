/** From a token to client certificates: what pkg/agent/run.go and pkg/agent/config do until the kubelet can start. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KeyPair } from '../certificates.ts'
import { type AgentConfig, nodeIpsNow } from '../config/agent-config.ts'
import { HttpError, HttpsClient } from '../https-client.ts'
import { type JoinInfo, parseAndValidateToken } from '../join-info.ts'
import { log } from '../log.ts'
import { paths } from '../paths.ts'
import type { ClusterNetwork } from '../server/supervisor-routes.ts'
import { splitPem } from '../split-pem.ts'
import { basic } from '../token.ts'
import { nodePassword } from './node-password.ts'

export type Joined = {
  network: ClusterNetwork
  caCerts: string
  clientCa: string
  kubelet: KeyPair
  serving: KeyPair
}

/** A wrong token, a wrong CA or no server: k3s says so every two seconds and goes on trying. */
export async function validateUntilGood(url: string, token: string): Promise<JoinInfo> {
  for (;;) {
    try {
      return await parseAndValidateToken(url, token)
    } catch (error) {
      log.error((error as Error).message)
      await sleep(2000)
    }
  }
}

export async function joinUntilGood(url: string, info: JoinInfo, config: AgentConfig): Promise<Joined> {
  for (;;) {
    try {
      return await join(url, info, config)
    } catch (error) {
      log.error(`Failed to retrieve agent config: ${(error as Error).message}`)
      await sleep(5000)
    }
  }
}

async function join(url: string, { caCerts, token }: JoinInfo, config: AgentConfig): Promise<Joined> {
  const file = paths.agent(config.data, 'client-kubelet.crt')
  const known = existsSync(file)
    ? { cert: readFileSync(file, 'utf8'), key: readFileSync(file.replace('.crt', '.key'), 'utf8') }
    : {}
  const client = new HttpsClient(url, { ca: caCerts, ...known })
  const authorization = token.bootstrap ? `Bearer ${token.bootstrap}` : basic('node', token.password)
  const headers = {
    authorization,
    'k3s-node-name': config.nodeName,
    'k3s-node-password': nodePassword(),
    'k3s-node-ip': nodeIpsNow(config).join(','),
  }
  try {
    const get = (name: string) => client.text(`/v1-k3s/${name}`, { headers })
    const network: ClusterNetwork = JSON.parse(await get('config'))
    const joined: Joined = {
      network,
      caCerts,
      serving: splitPem(await get('serving-kubelet.crt').catch(explain)),
      kubelet: splitPem(await get('client-kubelet.crt').catch(explain)),
      clientCa: await get('client-ca.crt'),
    }
    keep(config.data, joined)
    for (const name of ['client-kube-proxy', 'client-k3s-controller'])
      keepPair(config.data, name, splitPem(await get(`${name}.crt`)))
    return joined
  } finally {
    client.close()
  }
}

function explain(error: unknown): never {
  if (error instanceof HttpError && error.code === 403)
    throw new Error(
      `Node password rejected, duplicate hostname or contents of '${paths.nodePassword}' may not match server node-passwd entry, try enabling a unique node name with the --with-node-id flag`,
    )
  throw error
}

function keep(data: string, { kubelet, serving, caCerts, clientCa }: Joined): void {
  mkdirSync(paths.agent(data, ''), { recursive: true, mode: 0o700 })
  const write = (name: string, text: string) => writeFileSync(paths.agent(data, name), text, { mode: 0o600 })
  keepPair(data, 'client-kubelet', kubelet)
  keepPair(data, 'serving-kubelet', serving)
  write('server-ca.crt', caCerts)
  write('client-ca.crt', clientCa)
}

function keepPair(data: string, name: string, { certificate, key }: KeyPair): void {
  writeFileSync(paths.agent(data, `${name}.crt`), certificate, { mode: 0o600 })
  writeFileSync(paths.agent(data, `${name}.key`), key, { mode: 0o600 })
}
