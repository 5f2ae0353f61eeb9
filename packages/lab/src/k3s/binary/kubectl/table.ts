import { conditionOf, type KubeObject } from '../server/kube-object.ts'
import type { CommandLine } from './command-line.ts'

type Style = { line: CommandLine; wide: boolean; now: number }

/** kubectl's tables of nodes, pods and services; of anything else name and age. */
export function table(resource: string, items: KubeObject[], { line, wide, now }: Style): string {
  const columns = COLUMNS[resource] ?? [['NAME', ({ metadata }) => metadata.name], AGE]
  const namespaced = line.has('all-namespaces') && items.some(({ metadata }) => metadata.namespace !== undefined)
  const shown: Column[] = [
    ...(namespaced ? [['NAMESPACE', ({ metadata }: KubeObject) => metadata.namespace ?? ''] as Column] : []),
    ...columns,
    ...(wide ? (WIDE[resource] ?? []) : []),
  ]
  const rows = items.map((item) => shown.map(([, read]) => read(item, now)))
  const all = line.has('no-headers') ? rows : [shown.map(([title]) => title), ...rows]
  const widths = shown.map((_, n) => Math.max(...all.map((row) => (row[n] ?? '').length)))
  return all
    .map((row) =>
      row
        .map((cell, n) => cell.padEnd(widths[n] ?? 0))
        .join('   ')
        .trimEnd(),
    )
    .join('\n')
}

type Column = [title: string, read: (item: KubeObject, now: number) => string]

const AGE: Column = ['AGE', ({ metadata }, now) => age(now - Date.parse(metadata.creationTimestamp ?? ''))]

const COLUMNS: Record<string, Column[]> = {
  nodes: [
    ['NAME', ({ metadata }) => metadata.name],
    ['STATUS', nodeStatus],
    ['ROLES', roles],
    AGE,
    ['VERSION', ({ status }) => status?.nodeInfo?.kubeletVersion ?? ''],
  ],
  pods: [
    ['NAME', ({ metadata }) => metadata.name],
    ['READY', (pod) => (conditionOf(pod, 'Ready')?.status === 'True' ? '1/1' : '0/1')],
    ['STATUS', ({ metadata, status }) => (metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? 'Pending'))],
    ['RESTARTS', () => '0'],
    AGE,
  ],
  services: [
    ['NAME', ({ metadata }) => metadata.name],
    ['TYPE', ({ spec }) => spec?.type ?? 'ClusterIP'],
    ['CLUSTER-IP', ({ spec }) => spec?.clusterIP ?? 'None'],
    ['EXTERNAL-IP', () => '<none>'],
    ['PORT(S)', ({ spec }) => (spec?.ports ?? []).map((each: { port: number }) => `${each.port}/TCP`).join()],
    AGE,
  ],
}

const WIDE: Record<string, Column[]> = {
  nodes: [
    ['INTERNAL-IP', (node) => addressOf(node, 'InternalIP')],
    ['EXTERNAL-IP', (node) => addressOf(node, 'ExternalIP')],
    ['OS-IMAGE', ({ status }) => status?.nodeInfo?.osImage ?? ''],
    ['KERNEL-VERSION', ({ status }) => status?.nodeInfo?.kernelVersion ?? ''],
    ['CONTAINER-RUNTIME', ({ status }) => status?.nodeInfo?.containerRuntimeVersion ?? ''],
  ],
  pods: [
    ['IP', ({ status }) => status?.podIP ?? '<none>'],
    ['NODE', ({ spec }) => spec?.nodeName ?? '<none>'],
    ['NOMINATED NODE', () => '<none>'],
    ['READINESS GATES', () => '<none>'],
  ],
}

function nodeStatus(node: KubeObject): string {
  const status = conditionOf(node, 'Ready')?.status
  const ready = status === 'True' ? 'Ready' : status === undefined ? 'Unknown' : 'NotReady'
  return node.spec?.unschedulable ? `${ready},SchedulingDisabled` : ready
}

function roles({ metadata }: KubeObject): string {
  const prefix = 'node-role.kubernetes.io/'
  const found = Object.keys(metadata.labels ?? {}).filter((label) => label.startsWith(prefix))
  return found.map((label) => label.slice(prefix.length)).join() || '<none>'
}

function addressOf({ status }: KubeObject, type: string): string {
  return (status?.addresses ?? []).find((each: { type: string }) => each.type === type)?.address ?? '<none>'
}

function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 120) return `${seconds}s`
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`
  return seconds < 48 * 3600 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`
}
