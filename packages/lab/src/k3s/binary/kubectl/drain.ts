import { setTimeout as sleep } from 'node:timers/promises'
import { duration } from '../duration.ts'
import type { KubeObject } from '../server/kube-object.ts'
import type { CommandLine } from './command-line.ts'
import type { KubeClient } from './kube-client.ts'
import { KubectlError } from './kubectl-error.ts'

export async function cordon(client: KubeClient, names: string[], verb: 'cordon' | 'uncordon'): Promise<number> {
  const unschedulable = verb === 'cordon'
  for (const name of names) {
    const path = client.path('nodes', name)
    const before = (await client.get(path)).spec?.unschedulable === true
    await client.send('PATCH', path, { spec: { unschedulable: unschedulable ? true : null } })
    process.stdout.write(`node/${name} ${before === unschedulable ? `already ${verb}ed` : `${verb}ed`}\n`)
  }
  return 0
}

/** With the node away its pods stay Terminating, and drain says so when its time limit is over. */
export async function drain(client: KubeClient, line: CommandLine, names: string[]): Promise<number> {
  await cordon(client, names, 'cordon')
  const timeoutMs = duration(line.value('timeout') ?? '0') || Number.POSITIVE_INFINITY
  const deadline = Date.now() + timeoutMs
  for (const name of names) {
    const pods = await podsOn(client, name)
    const problems = refusals(pods, line)
    if (problems.length > 0)
      throw new KubectlError(
        `error: unable to drain node "${name}" due to error: ${problems.length > 1 ? `[${problems.join(', ')}]` : problems[0]}, continuing command...\nThere are pending nodes to be drained:\n ${name}\n${problems.join('\n')}`,
      )
    const leaving = pods.filter((pod) => !isDaemon(pod) && !isMirror(pod))
    for (const { metadata } of leaving) {
      process.stdout.write(`evicting pod ${metadata.namespace}/${metadata.name}\n`)
      const grace = line.value('grace-period') === '0' ? '?gracePeriodSeconds=0' : ''
      await client.send('POST', `${client.path('pods', metadata.name, metadata.namespace)}/eviction${grace}`, {})
    }
    for (const { metadata } of leaving) {
      while (await client.find(client.path('pods', metadata.name, metadata.namespace))) {
        if (Date.now() > deadline)
          throw new KubectlError(
            `error when waiting for pod "${metadata.name}" in namespace "${metadata.namespace}" to terminate: global timeout reached: ${line.value('timeout')}\nerror: unable to drain node "${name}" due to error: global timeout reached: ${line.value('timeout')}`,
          )
        await sleep(300)
      }
      process.stdout.write(`pod/${metadata.name} evicted\n`)
    }
    process.stdout.write(`node/${name} drained\n`)
  }
  return 0
}

async function podsOn(client: KubeClient, node: string): Promise<KubeObject[]> {
  return (await client.get(`/api/v1/pods?fieldSelector=spec.nodeName%3D${node}`)).items
}

function refusals(pods: KubeObject[], line: CommandLine): string[] {
  const named = (list: KubeObject[]) => list.map(({ metadata: m }) => `${m.namespace}/${m.name}`).join(', ')
  const loose = pods.filter((pod) => !pod.metadata.ownerReferences?.length && !isMirror(pod))
  const daemons = pods.filter(isDaemon)
  const problems: string[] = []
  if (loose.length > 0 && !line.has('force'))
    problems.push(`cannot delete Pods that declare no controller (use --force to override): ${named(loose)}`)
  if (daemons.length > 0 && !line.has('ignore-daemonsets'))
    problems.push(`cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): ${named(daemons)}`)
  return problems
}

function isDaemon({ metadata }: KubeObject): boolean {
  return metadata.ownerReferences?.some(({ kind }) => kind === 'DaemonSet') ?? false
}

function isMirror({ metadata }: KubeObject): boolean {
  return metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined
}
