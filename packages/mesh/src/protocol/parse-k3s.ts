/** What a node says of k3s on it, and, on a server, what the cluster's API showed there. */
import { type KubeNode, parseNodeStatus } from '../cluster/node-status.ts'
import { formatAddress, parseAddress } from '../ip/address.ts'
import { formatPrefix, prefixOf } from '../ip/prefix.ts'
import { cleanText } from './clean-text.ts'
import { HASH_PATTERN, readCount, readDecimal } from './read-fields.ts'

export type K3sReport = {
  readonly service: 'active' | 'activating' | 'failed' | 'inactive' | 'absent' | 'unknown'
  readonly version: string | null
  /** SHA-256 of the files that were applied. */
  readonly applied: string | null
  readonly podRanges: readonly string[]
  readonly podMtu: number | null
  readonly failure: { readonly step: string; readonly code: string; readonly text: string } | null
  /** Null where k3s is no server, or could not be asked. */
  readonly nodes: readonly KubeNode[] | null
  /** Of the list of nodes: seconds before the report. */
  readonly nodesAge: number
  readonly pods: readonly PodAnswer[]
  /** Milliseconds. */
  readonly certificateUntil: number | null
}

/** A pod of ours on the node `name` was pinged by the sender. `age`: seconds before the report. */
export type PodAnswer = {
  readonly name: string
  readonly address: string
  readonly rttMs: number | null
  readonly age: number
}

const SERVICES = ['active', 'activating', 'failed', 'inactive', 'absent'] as const

export function parseK3s(blocks: ReadonlyMap<string, string>, uptimeSeconds: number): K3sReport | null {
  const block = blocks.get('k3s')
  if (block === undefined) return null
  const fields = new Map(
    block.split('\n').flatMap((line) => {
      const [, key, value] = /^([a-z0-9-]{1,20}) (.{0,600})$/.exec(line) ?? []
      return key !== undefined && value !== undefined ? [[key, value] as const] : []
    }),
  )
  const nodes = blocks.has('k3s-nodes') ? parseNodeStatus(blocks.get('k3s-nodes') ?? '') : null
  const age = (at: string | undefined) => Math.max(0, uptimeSeconds - (readDecimal(at) ?? 0))
  return {
    service: SERVICES.find((name) => name === fields.get('service')) ?? 'unknown',
    version: /^v[0-9A-Za-z.+-]{1,40}$/.exec(fields.get('version') ?? '')?.[0] ?? null,
    applied: HASH_PATTERN.exec(fields.get('applied') ?? '')?.[0] ?? null,
    podRanges: ['subnet', 'subnet6'].flatMap((key) => range(fields.get(key)) ?? []),
    podMtu: readCount(fields.get('mtu')),
    failure: failureOf(fields.get('failed')),
    nodes: nodes?.ok ? nodes.value : null,
    nodesAge: age(fields.get('nodes-at')),
    pods: (blocks.get('k3s-pods') ?? '')
      .split('\n')
      .slice(0, 5000)
      .flatMap((line) => podOf(line, age)),
    certificateUntil: dateOf(blocks.get('k3s-certificate')),
  }
}

/** flannel writes the address of its bridge: 10.42.1.1/24. */
function range(text: string | undefined): string | null {
  const [host = '', length = ''] = (text ?? '').split('/')
  const address = parseAddress(host)
  if (!address.ok || !/^[0-9]{1,3}$/.test(length) || Number(length) > (address.value.family === 4 ? 32 : 128))
    return null
  return formatPrefix(prefixOf(address.value, Number(length)))
}

function failureOf(text: string | undefined) {
  const [, step, code, words] = /^([a-z0-9-]{1,40}) ([a-z0-9-]{1,40}) (.*)$/.exec(text ?? '') ?? []
  return step && code ? { step, code, text: cleanText(words ?? '', 400) } : null
}

function podOf(line: string, age: (at: string | undefined) => number): PodAnswer[] {
  const [name = '', host = '', rtt, at] = line.split(' ')
  const address = parseAddress(host)
  if (!/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name) || !address.ok) return []
  return [{ name, address: formatAddress(address.value), rttMs: readDecimal(rtt), age: age(at) }]
}

/** `until Nov 21 14:00:00 2027 GMT`, as openssl prints it. */
function dateOf(text: string | undefined): number | null {
  const at = Date.parse(/^until (.{1,40})$/m.exec(text ?? '')?.[1] ?? '')
  return Number.isNaN(at) ? null : at
}
