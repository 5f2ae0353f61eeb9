import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { log } from '../log.ts'
import { paths } from '../paths.ts'
import type { KubeObject } from './kube-object.ts'
import { isClusterWide, resourceOf } from './resource-path.ts'
import type { Store } from './store.ts'

/** Files in server/manifests are applied when they come or change; removing one removes nothing (as k3s does). */
export function deployManifests(store: Store, data: string): void {
  const directory = paths.server(data, 'manifests')
  const seen = new Map<string, string>()
  setInterval(() => {
    if (!existsSync(directory)) return
    for (const name of readdirSync(directory).filter((each) => /\.(ya?ml|json)$/.test(each))) {
      const text = readFileSync(join(directory, name), 'utf8')
      if (seen.get(name) === text) continue
      seen.set(name, text)
      try {
        for (const document of parseAllDocuments(text)) deploy(store, document.toJS())
      } catch (error) {
        log.error(`Failed to process config: failed to process ${join(directory, name)}: ${(error as Error).message}`)
      }
    }
  }, 2000)
}

function deploy(store: Store, object: KubeObject | null): void {
  if (!object?.kind) return
  const resource = resourceOf(object.kind)
  const [group = '', version] = object.apiVersion?.includes('/')
    ? object.apiVersion.split('/')
    : ['', object.apiVersion]
  const namespace = isClusterWide(resource) ? undefined : (object.metadata.namespace ?? 'default')
  const path = {
    group,
    version: version ?? 'v1',
    resource,
    namespace,
    name: object.metadata.name,
    subresource: undefined,
  }
  const found = store.find(resource, object.metadata.name, namespace)
  if (found) store.replace(path, { ...found, ...object, metadata: { ...found.metadata, ...object.metadata } })
  else store.create(path, object)
}
