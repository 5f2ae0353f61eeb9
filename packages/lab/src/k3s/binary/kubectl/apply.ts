import type { KubeObject } from '../server/kube-object.ts'
import { mergePatch } from '../server/merge-patch.ts'
import type { CommandLine } from './command-line.ts'
import type { KubeClient } from './kube-client.ts'
import { readObjects } from './read-objects.ts'

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

function say(resource: string, { metadata }: KubeObject, what: string): void {
  process.stdout.write(`${resource.replace(/s$/, '')}/${metadata.name} ${what}\n`)
}
