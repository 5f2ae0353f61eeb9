import type { ReactNode } from 'react'
import { Definitions } from '~/ui/definitions.tsx'
import { Mono } from '~/ui/mono.tsx'
import { formatBytes, formatDuration } from '~/ui/units.ts'
import type { NodeDetail } from './node-detail.ts'

/** What the machine reports of itself. What is not known to this console is shown too, under its own name. */
export function SystemFacts({ node }: { node: NodeDetail }) {
  const raw = node.factsRaw
  const known = Object.entries(NAMES).flatMap(([key, name]): [string, ReactNode][] => {
    const value = raw[key]
    return value ? [[name, show(key, value)]] : []
  })
  const others = Object.entries(raw)
    .filter(([key, value]) => !(key in NAMES) && value !== '')
    .map(([key, value]): [string, ReactNode] => [key.replaceAll('-', ' '), <Lines key={key} text={value} />])
  const rows: [string, ReactNode][] = [
    ...(node.scriptVersion ? ([['Script', node.scriptVersion]] as [string, ReactNode][]) : []),
    ...known,
    ...(node.uptimeSeconds !== null
      ? ([['Running for', formatDuration(node.uptimeSeconds)]] as [string, ReactNode][])
      : []),
    ...(node.clockSkewMs !== null ? ([['Clock', clockText(node.clockSkewMs)]] as [string, ReactNode][]) : []),
    ...others,
  ]
  if (rows.length === 0) return null
  return <Definitions title="System" rows={rows} />
}

const NAMES: Record<string, string> = {
  hostname: 'Hostname',
  os: 'System',
  kernel: 'Kernel',
  arch: 'Architecture',
  wireguard: 'WireGuard',
  cpus: 'Processors',
  'memory-kb': 'Memory',
  virt: 'Virtualization',
  init: 'Init',
  tools: 'Tools',
  address: 'Addresses',
  addresses: 'Addresses',
  route: 'Routes',
  routes: 'Routes',
  machine: 'Machine',
}

function show(key: string, value: string): ReactNode {
  if (key === 'memory-kb' && Number.isFinite(Number(value))) return formatBytes(Number(value) * 1024)
  if (key === 'machine') return <Mono copy>{value}</Mono>
  if (key.startsWith('address') || key.startsWith('route'))
    return <Lines text={value.replaceAll(/^(address|route) /gm, '')} mono />
  return <Lines text={value} />
}

function Lines({ text, mono }: { text: string; mono?: boolean }) {
  return text.split('\n').map((line) => <div key={line}>{mono ? <Mono>{line}</Mono> : line}</div>)
}

function clockText(skewMs: number): string {
  const seconds = Math.abs(skewMs) / 1000
  const size = seconds < 1 ? `${Math.round(Math.abs(skewMs))} ms` : formatDuration(seconds)
  return `${size} ${skewMs < 0 ? 'behind' : 'ahead of'} the server`
}
