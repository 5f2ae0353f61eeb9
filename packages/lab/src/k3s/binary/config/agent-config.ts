/** What the node's side makes of its flags, on agents and on servers (pkg/cli/cmds/agent.go, pkg/agent/config, pkg/vpn). */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { defaultInterface, firstAddress, interfaceNamed } from '../interfaces.ts'
import { paths } from '../paths.ts'
import type { Options } from './options.ts'

export type AgentConfig = {
  options: Options
  data: string
  nodeName: string
  /** As given, or the first address of flannel-iface; empty when neither says it. */
  nodeIps: string[]
  externalIps: string[]
  labels: Record<string, string>
  taints: { key: string; value?: string; effect: string }[]
  flannelIface: string
  lbPort: number
}

export function agentConfig(options: Options): AgentConfig {
  checkVpn(options)
  const flannelIface = options.string('flannel-iface')
  const nodeIps = options.list('node-ip')
  for (const address of nodeIps) if (isIP(address) === 0) throw new Error(`invalid node-ip: ${address}`)
  const found = flannelIface === '' ? undefined : interfaceNamed(flannelIface)
  const derived = nodeIps.length === 0 && found ? firstAddress(found) : undefined
  const given = options.string('node-name', hostname()).toLowerCase()
  if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(given))
    throw new Error(
      `node-name ${given} is invalid: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'`,
    )
  return {
    options,
    data: options.string('data-dir', paths.data),
    nodeName: options.bool('with-node-id') ? `${given}-${nodeId()}` : given,
    nodeIps: derived === undefined ? nodeIps : [derived],
    externalIps: options.list('node-external-ip'),
    labels: Object.fromEntries(options.whole('node-label').map(parseLabel)),
    taints: options.whole('node-taint').map(parseTaint),
    flannelIface,
    lbPort: options.int('lb-server-port', 6444),
  }
}

/** Said late, for the interface may have come up meanwhile. */
export function nodeIpsNow(config: AgentConfig): string[] {
  if (config.nodeIps.length > 0) return config.nodeIps
  const from = config.flannelIface === '' ? defaultInterface() : interfaceNamed(config.flannelIface)
  const address = from && firstAddress(from)
  return address === undefined ? [] : [address]
}

/** From the kubelet: labels under kubernetes.io that a node may not give itself end it at start. */
function parseLabel(text: string): [string, string] {
  const [, key, value] = /^([^=]+)=(.*)$/.exec(text) ?? []
  if (key === undefined || value === undefined) throw new Error(`invalid node-label ${text}`)
  const allowed = /^(topology|node|kubelet)\.kubernetes\.io\/|^kubernetes\.io\/(hostname|os|arch)$/
  const reserved = /(^|\.)(kubernetes|k8s)\.io\//.test(key) && !allowed.test(key)
  if (reserved || key.startsWith('node-role.kubernetes.io/'))
    throw new Error(`unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels: [${key}]`)
  if (!/^([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?$/.test(value))
    throw new Error(`invalid value in --node-labels: ${key}=${value}`)
  return [key, value]
}

function parseTaint(text: string): AgentConfig['taints'][number] {
  const [, key, value, effect] = /^([^=:]+)(?:=([^:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)$/.exec(text) ?? []
  if (key === undefined || effect === undefined) throw new Error(`invalid taint spec: ${text}`)
  return { key, value: value || undefined, effect }
}

function checkVpn(options: Options): void {
  const auth = options.string('vpn-auth')
  if (auth === '') return
  const provider = /(?:^|,)name=([^,]*)/.exec(auth)?.[1] ?? ''
  if (provider !== 'tailscale')
    throw new Error(`requested VPN: ${provider} is not supported. We currently only support tailscale`)
  throw new Error('exec: "tailscale": executable file not found in $PATH')
}

function nodeId(): string {
  if (!existsSync(paths.nodeId)) {
    mkdirSync(dirname(paths.nodeId), { recursive: true })
    writeFileSync(paths.nodeId, `${randomBytes(4).toString('hex')}\n`)
  }
  return readFileSync(paths.nodeId, 'utf8').trim()
}
