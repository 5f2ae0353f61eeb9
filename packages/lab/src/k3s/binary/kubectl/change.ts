import { kubeTime } from '../server/kube-object.ts'
import type { CommandLine } from './command-line.ts'
import type { KubeClient } from './kube-client.ts'
import { KubectlError } from './kubectl-error.ts'
import { targets } from './targets.ts'
import { waitForDeletion } from './wait.ts'

export async function remove(client: KubeClient, line: CommandLine, words: string[]): Promise<number> {
  const grace = line.value('grace-period') === '0' || line.has('now') ? '?gracePeriodSeconds=0' : ''
  for (const { path, resource, name } of await targets(client, line, words)) {
    const found = line.has('ignore-not-found') ? await client.find(path) : await client.get(path)
    if (!found) continue
    await client.send('DELETE', path + (line.has('force') ? grace || '?gracePeriodSeconds=0' : grace))
    process.stdout.write(`${resource.replace(/s$/, '')} "${name}" deleted\n`)
    if (line.value('wait') !== 'false') await waitForDeletion(client, path, line.value('timeout') ?? '')
  }
  return 0
}

export async function patch(client: KubeClient, line: CommandLine, words: string[]): Promise<number> {
  for (const { path, resource, name } of await targets(client, line, words)) {
    await client.send('PATCH', path, JSON.parse(line.value('patch') ?? '{}'))
    process.stdout.write(`${resource.replace(/s$/, '')}/${name} patched\n`)
  }
  return 0
}

export function label(client: KubeClient, line: CommandLine, words: string[]): Promise<number> {
  return changeMap(client, line, words, 'labels')
}

export function annotate(client: KubeClient, line: CommandLine, words: string[]): Promise<number> {
  return changeMap(client, line, words, 'annotations')
}

async function changeMap(
  client: KubeClient,
  line: CommandLine,
  words: string[],
  field: 'labels' | 'annotations',
): Promise<number> {
  const changes = words.filter((word) => /=|-$/.test(word) && !/^(node|pod)s?\//.test(word))
  for (const { path, resource, name } of await targets(
    client,
    line,
    words.filter((word) => !changes.includes(word)),
  )) {
    const before = (await client.get(path)).metadata[field] ?? {}
    const values: Record<string, string | null> = {}
    for (const change of changes) {
      const [, key = '', value] = /^([^=]+?)(?:=(.*)|-)$/s.exec(change) ?? []
      if (value !== undefined && key in before && before[key] !== value && !line.has('overwrite'))
        throw new KubectlError(`error: '${key}' already has a value (${before[key]}), and --overwrite is false`)
      values[key] = value ?? null
    }
    await client.send('PATCH', path, { metadata: { [field]: values } })
    process.stdout.write(`${resource.replace(/s$/, '')}/${name} ${field === 'labels' ? 'labeled' : 'annotated'}\n`)
  }
  return 0
}

export async function taint(client: KubeClient, [, name = '', ...changes]: string[]): Promise<number> {
  const path = client.path('nodes', name)
  const node = await client.get(path)
  let taints: { key: string; value?: string; effect: string }[] = node.spec.taints ?? []
  for (const change of changes) {
    const [, key = '', value, effect, minus] = /^([^=:]+?)(?:=([^:]*))?(?::(\w+))?(-?)$/.exec(change) ?? []
    const isThere = taints.some((each) => each.key === key && (effect === undefined || each.effect === effect))
    if (minus === '-' && !isThere)
      throw new KubectlError(`error: taint "${effect === undefined ? key : `${key}:${effect}`}" not found`)
    taints = taints.filter((each) => each.key !== key || (effect !== undefined && each.effect !== effect))
    if (minus !== '-') taints.push({ key, value: value || undefined, effect: effect ?? '' })
  }
  await client.send('PATCH', path, { spec: { taints } })
  process.stdout.write(`node/${name} tainted\n`)
  return 0
}

export async function approve(client: KubeClient, [verb, ...names]: string[]): Promise<number> {
  for (const name of names) {
    const path = client.path('certificatesigningrequests', name)
    const request = await client.get(path)
    const type = verb === 'deny' ? 'Denied' : 'Approved'
    const condition = { type, status: 'True', reason: `Kubectl${type}`, lastUpdateTime: kubeTime() }
    const status = { ...request.status, conditions: [...(request.status?.conditions ?? []), condition] }
    await client.send('PUT', `${path}/approval`, { ...request, status })
    process.stdout.write(`certificatesigningrequest.certificates.k8s.io/${name} ${type.toLowerCase()}\n`)
  }
  return 0
}
