import { readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'
import { type KubeObject, kubeTime } from '../server/kube-object.ts'
import { mergePatch } from '../server/merge-patch.ts'
import type { CommandLine } from './command-line.ts'
import type { KubeClient } from './kube-client.ts'
import { KubectlError } from './kubectl-error.ts'
import { waitForDeletion } from './wait.ts'

export async function apply(client: KubeClient, line: CommandLine): Promise<number> {
  for (const object of readObjects(line)) {
    const { list, one, resource } = client.pathOf(object)
    const found = await client.find(one)
    const applied = found ? mergePatch(found, object) : object
    if (found && JSON.stringify(applied) === JSON.stringify(found)) say(resource, object, 'unchanged')
    else if (found) {
      await client.send('PUT', one, applied)
      say(resource, object, 'configured')
    } else {
      await client.send('POST', list, object)
      say(resource, object, 'created')
    }
  }
  return 0
}

/** From files, or `create namespace NAME`. */
export async function create(client: KubeClient, line: CommandLine, [kind, name = '']: string[]): Promise<number> {
  const objects =
    line.value('filename') === undefined && /^(ns|namespace)$/.test(kind ?? '')
      ? [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }]
      : readObjects(line)
  for (const object of objects) {
    const { list, resource } = client.pathOf(object)
    await client.send('POST', list, object)
    say(resource, object, 'created')
  }
  return 0
}

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
    const [, key = '', value, effect, minus] = /^([^=:-]+)(?:=([^:]*))?(?::(\w+))?(-?)$/.exec(change) ?? []
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

type Target = { path: string; resource: string; name: string }

/** `TYPE NAME …`, `TYPE/NAME …`, `TYPE --all`, `TYPE -l SELECTOR` or `-f FILE`. */
export async function targets(client: KubeClient, line: CommandLine, words: string[]): Promise<Target[]> {
  if (line.value('filename') !== undefined)
    return readObjects(line).map((object) => {
      const { one, resource } = client.pathOf(object)
      return { path: one, resource, name: object.metadata.name }
    })
  if (words.some((word) => word.includes('/')))
    return words.map((word) => {
      const [kind = '', name = ''] = word.split('/')
      const resource = client.resource(kind)
      return { path: client.path(resource, name), resource, name }
    })
  const [kind = '', ...names] = words
  const resource = client.resource(kind)
  const selector = line.value('selector')
  if (names.length === 0 && !line.has('all') && selector === undefined)
    throw new KubectlError('error: resource(s) were provided, but no name was specified')
  if (names.length > 0) return names.map((name) => ({ path: client.path(resource, name), resource, name }))
  const { items } = await client.get(`${client.path(resource)}?labelSelector=${encodeURIComponent(selector ?? '')}`)
  return (items as KubeObject[]).map(({ metadata: { name, namespace } }) => ({
    path: client.path(resource, name, namespace),
    resource,
    name,
  }))
}

function readObjects(line: CommandLine): KubeObject[] {
  const file = line.value('filename')
  if (file === undefined) throw new KubectlError('error: must specify one of -f and -k')
  const text = readFileSync(file === '-' ? 0 : file, 'utf8')
  const objects = parseAllDocuments(text).flatMap((document): KubeObject[] => {
    const object = document.toJS()
    return object === null ? [] : object.kind === 'List' ? object.items : [object]
  })
  for (const { apiVersion, kind, metadata } of objects)
    if (!apiVersion || !kind || !metadata?.name)
      throw new KubectlError(`error: error validating "${file}": apiVersion, kind and metadata.name must be set`)
  return objects
}

function say(resource: string, { metadata }: KubeObject, what: string): void {
  process.stdout.write(`${resource.replace(/s$/, '')}/${metadata.name} ${what}\n`)
}
