import { stringify } from 'yaml'
import { type KubeObject, kubeTime } from '../server/kube-object.ts'
import type { CommandLine } from './command-line.ts'
import { goTemplate } from './go-template.ts'
import { jsonPath } from './json-path.ts'
import type { KubeClient } from './kube-client.ts'
import { KubectlError } from './kubectl-error.ts'
import { table } from './table.ts'

export async function raw(client: KubeClient, line: CommandLine): Promise<number> {
  const text = await client.text(line.value('raw') ?? '')
  process.stdout.write(text)
  return 0
}

export async function get(client: KubeClient, line: CommandLine, words: string[]): Promise<number> {
  const named = words.flatMap((word) => word.split(',')).map((word) => word.split('/'))
  const [first = []] = named
  const resource = client.resource(first[0] ?? '')
  const names = first.length === 2 ? named.map(([, name]) => name ?? '') : words.slice(1)
  const single = names.length === 1
  const items = names.length > 0 ? await each(client, line, resource, names) : await list(client, line, resource)
  const output = line.value('output') ?? ''
  const whole = single ? items[0] : { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items }
  if (output === '' || output === 'wide') {
    if (items.length > 0) say(table(resource, items, { line, wide: output === 'wide', now: Date.parse(kubeTime()) }))
    else if (names.length === 0)
      process.stderr.write(
        client.allNamespaces ? 'No resources found\n' : `No resources found in ${client.namespace} namespace.\n`,
      )
    return 0
  }
  if (whole === undefined) return 0
  if (output === 'json') say(JSON.stringify(whole, null, 4))
  else if (output === 'yaml') say(stringify(whole).trimEnd())
  else if (output === 'name')
    say(items.map(({ metadata }) => `${resource.replace(/s$/, '')}/${metadata.name}`).join('\n'))
  else if (output.startsWith('jsonpath=')) process.stdout.write(jsonPath(whole, output.slice(9).replace(/^'|'$/g, '')))
  else if (output.startsWith('go-template=')) process.stdout.write(goTemplate(whole, output.slice(12)))
  else throw new KubectlError(`error: unable to match a printer suitable for the output format "${output}"`)
  return 0
}

async function each(client: KubeClient, line: CommandLine, resource: string, names: string[]): Promise<KubeObject[]> {
  const found: KubeObject[] = []
  for (const name of names) {
    const path = client.path(resource, name)
    const object = line.has('ignore-not-found') ? await client.find(path) : await client.get(path)
    if (object) found.push(object)
  }
  return found
}

async function list(client: KubeClient, line: CommandLine, resource: string): Promise<KubeObject[]> {
  const query = new URLSearchParams()
  const [labels, fields] = [line.value('selector'), line.value('field-selector')]
  if (labels) query.set('labelSelector', labels)
  if (fields) query.set('fieldSelector', fields)
  const answer = await client.get(`${client.path(resource)}?${query}`)
  const items: KubeObject[] = answer.items ?? []
  return items.sort((a, b) => a.metadata.name.localeCompare(b.metadata.name))
}

function say(text: string): void {
  if (text !== '') process.stdout.write(`${text}\n`)
}
