import type { KubeObject } from '../server/kube-object.ts'
import type { CommandLine } from './command-line.ts'
import type { KubeClient } from './kube-client.ts'
import { KubectlError } from './kubectl-error.ts'
import { readObjects } from './read-objects.ts'

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
