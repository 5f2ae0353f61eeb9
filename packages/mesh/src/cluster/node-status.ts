/**
 * What Kubernetes says of its nodes, as a server's script prints it. kubectl's jsonpath would print a reason or a message as it came,
 * and a kubelet that is not to be trusted could write lines of its own into it; a go-template can quote.
 *
 *   node home-1
 *   ready True
 *   reason "KubeletReady"
 *   since 2026-11-21T14:01:07Z
 *   heartbeat 2026-11-21T14:05:00Z
 *   internal-ip 10.77.0.2
 *   pod-cidr 10.42.1.0/24
 *   version v1.36.2+k3s1
 *   role control-plane
 *   unschedulable true
 *   lease home-1 2026-11-21T14:05:03.123456Z
 */
import { formatAddress, parseAddress } from '../ip/address.ts'
import { formatPrefix, parsePrefix } from '../ip/prefix.ts'
import { cleanText } from '../protocol/clean-text.ts'
import { err, type Fault, ok, type Result } from '../result.ts'

/** For `k3s kubectl get nodes -o go-template='…'`. It has no single quote, so that a shell can hold it in two. */
export const NODE_STATUS_TEMPLATE =
  '{{range .items}}node {{.metadata.name}}{{"\\n"}}' +
  '{{range .status.conditions}}{{if eq .type "Ready"}}ready {{.status}}{{"\\n"}}reason {{printf "%q" .reason}}{{"\\n"}}' +
  'since {{.lastTransitionTime}}{{"\\n"}}heartbeat {{.lastHeartbeatTime}}{{"\\n"}}{{end}}{{end}}' +
  '{{range .status.addresses}}{{if eq .type "InternalIP"}}internal-ip {{.address}}{{"\\n"}}{{end}}{{end}}' +
  '{{range .spec.podCIDRs}}pod-cidr {{.}}{{"\\n"}}{{end}}' +
  'version {{.status.nodeInfo.kubeletVersion}}{{"\\n"}}' +
  '{{range $key, $value := .metadata.labels}}{{if eq $key "node-role.kubernetes.io/control-plane"}}role control-plane{{"\\n"}}{{end}}{{end}}' +
  '{{if .spec.unschedulable}}unschedulable true{{"\\n"}}{{end}}{{end}}'

export type KubeNode = {
  readonly name: string
  readonly ready: 'True' | 'False' | 'Unknown' | null
  /** Kubernetes' word: KubeletReady, KubeletNotReady, NodeStatusUnknown. */
  readonly reason: string | null
  /** Of the present Ready or NotReady, milliseconds, by the clock of the server. */
  readonly since: number | null
  readonly heartbeatAt: number | null
  /** When its kubelet renewed its lease, as it does each 10 s, by its own clock. Null: the script before did not ask. */
  readonly leaseAt: number | null
  readonly internalIps: readonly string[]
  readonly podRanges: readonly string[]
  readonly version: string | null
  readonly isControlPlane: boolean
  readonly isUnschedulable: boolean
}

const MAX_NODES = 5000
const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/

export function parseNodeStatus(text: string): Result<KubeNode[], Fault<'malformed'>> {
  const bad = (line: number, why: string) =>
    err({ kind: 'malformed' as const, message: `line ${line} of the nodes ${why}` })
  if (text.length > 4 << 20) return bad(1, 'and those after it are too much')
  const nodes = new Map<string, KubeNode>()
  let current: KubeNode | null = null
  for (const [i, line] of text.split('\n').entries()) {
    if (line === '') continue
    const [, key = '', value = ''] = /^([a-z-]{1,20}) (.{0,600})$/.exec(line) ?? []
    if (key === 'node') {
      if (!NAME.test(value)) return bad(i + 1, 'has no name that a node can have')
      if (nodes.has(value)) return bad(i + 1, `names ${value} a second time`)
      if (nodes.size === MAX_NODES) return bad(i + 1, `is the ${MAX_NODES + 1}st node`)
      current = {
        name: value,
        ready: null,
        reason: null,
        since: null,
        heartbeatAt: null,
        leaseAt: null,
        internalIps: [],
        podRanges: [],
        version: null,
        isControlPlane: false,
        isUnschedulable: false,
      }
      nodes.set(value, current)
      continue
    }
    if (key === 'lease') {
      const [name = '', time = ''] = value.split(' ')
      const known = nodes.get(name)
      // A lease outlives its node for a while.
      if (known) nodes.set(name, { ...known, leaseAt: readTime(time) })
      continue
    }
    if (key === '' || !current) return bad(i + 1, 'is no fact about a node')
    const said = readFact(key, value)
    if (said === null) return bad(i + 1, `has no ${key} that can be read`)
    current = { ...current, ...said(current) }
    nodes.set(current.name, current)
  }
  return ok([...nodes.values()])
}

type Change = (node: KubeNode) => Partial<KubeNode>

/** Null for a value that does not fit; a key that is not known here changes nothing. */
function readFact(key: string, value: string): Change | null {
  switch (key) {
    case 'ready':
      return value === 'True' || value === 'False' || value === 'Unknown' ? () => ({ ready: value }) : null
    case 'reason':
      return () => ({ reason: unquote(value) })
    case 'since':
    case 'heartbeat': {
      const at = readTime(value)
      // `<no value>`, `<nil>`: Kubernetes does not know either.
      return () => (key === 'since' ? { since: at } : { heartbeatAt: at })
    }
    case 'internal-ip': {
      const address = parseAddress(value)
      return address.ok ? ({ internalIps }) => ({ internalIps: [...internalIps, formatAddress(address.value)] }) : null
    }
    case 'pod-cidr': {
      const prefix = parsePrefix(value)
      return prefix.ok ? ({ podRanges }) => ({ podRanges: [...podRanges, formatPrefix(prefix.value)] }) : null
    }
    case 'version':
      return /^v[0-9A-Za-z.+-]{1,60}$/.test(value) ? () => ({ version: value }) : null
    case 'role':
      return () => (value === 'control-plane' ? { isControlPlane: true } : {})
    case 'unschedulable':
      return () => ({ isUnschedulable: value === 'true' })
    default:
      return () => ({})
  }
}

/** Of a Go string in quotes, or a bare word. Escapes are left as they are: this is shown, and what matters has none. */
function unquote(value: string): string | null {
  const bare = /^"(.*)"$/.exec(value)?.[1] ?? value
  const text = cleanText(bare, 120)
  return text === '' || text.startsWith('<') ? null : text
}

/** RFC 3339 in UTC, as Kubernetes writes it, without asking how this machine reads dates. */
function readTime(value: string): number | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?Z$/.exec(value)
  if (!parts) return null
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return Date.UTC(year, month - 1, day, hour, minute, second)
}
