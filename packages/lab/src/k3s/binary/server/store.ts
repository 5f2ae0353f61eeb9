/**
 * The cluster's objects, by path. Real k3s keeps them in SQLite, etcd or another database; this is one JSON file under
 * server/db, replaced as a whole, so that a kill leaves the old one or the new.
 */
import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type KubeObject, kubeTime } from './kube-object.ts'
import { Refused } from './refused.ts'
import { apiVersionOf, isClusterWide, kindOf, type ResourcePath } from './resource-path.ts'

type Change = 'ADDED' | 'MODIFIED' | 'DELETED'
type Listener = (resource: string, change: Change, object: KubeObject) => void
type Saved = { version: number; objects: Record<string, KubeObject> }

export class Store {
  readonly #file: string
  readonly #objects = new Map<string, KubeObject>()
  #version = 1
  #saving: NodeJS.Timeout | undefined
  readonly #listeners = new Set<Listener>()

  constructor(file: string) {
    this.#file = file
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    try {
      const saved: Saved = JSON.parse(readFileSync(file, 'utf8'))
      this.#version = saved.version
      for (const [key, object] of Object.entries(saved.objects)) this.#objects.set(key, object)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      this.save()
    }
  }

  list(resource: string, namespace?: string): KubeObject[] {
    const prefix = namespace === undefined ? `${resource}/` : `${resource}/${namespace}/`
    return [...this.#objects].filter(([key]) => key.startsWith(prefix)).map(([, object]) => object)
  }

  find(resource: string, name: string, namespace = 'default'): KubeObject | undefined {
    return this.#objects.get(key(resource, name, namespace))
  }

  get(path: ResourcePath): KubeObject {
    const found = this.find(path.resource, path.name ?? '', path.namespace)
    if (!found) throw new Refused(404, `${path.resource}${dot(path.group)} "${path.name}" not found`)
    return found
  }

  create(path: ResourcePath, given: KubeObject): KubeObject {
    const name: string | undefined = given.metadata?.name
    if (name === undefined) throw new Refused(422, `${kindOf(path.resource)} is invalid: metadata.name: Required value`)
    if (this.find(path.resource, name, path.namespace))
      throw new Refused(409, `${path.resource}${dot(path.group)} "${name}" already exists`, 'AlreadyExists')
    const metadata = { ...given.metadata, name, uid: randomUUID(), creationTimestamp: kubeTime() }
    if (!isClusterWide(path.resource)) metadata.namespace = path.namespace ?? 'default'
    return this.#put({ ...given, apiVersion: apiVersionOf(path), kind: kindOf(path.resource), metadata }, path.resource)
  }

  /** Keeps what identifies the object, whatever the caller says. */
  replace(path: ResourcePath, given: KubeObject): KubeObject {
    const before = this.get(path)
    const stale = given.metadata?.resourceVersion
    if (stale !== undefined && stale !== before.metadata.resourceVersion)
      throw new Refused(
        409,
        `Operation cannot be fulfilled on ${path.resource} "${path.name}": the object has been modified; please apply your changes to the latest version and try again`,
      )
    const { name, namespace, uid, creationTimestamp } = before.metadata
    const metadata = { ...given.metadata, name, namespace, uid, creationTimestamp }
    return this.#put({ ...given, apiVersion: before.apiVersion, kind: before.kind, metadata }, path.resource)
  }

  /** For controllers: changes the object in place. */
  update(resource: string, object: KubeObject, change: (object: KubeObject) => void): KubeObject {
    change(object)
    return this.#put(object, resource)
  }

  remove(resource: string, object: KubeObject): void {
    this.#objects.delete(key(resource, object.metadata.name, object.metadata.namespace))
    this.#changed(resource, 'DELETED', object)
  }

  /** Returns what ends it. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  save(): void {
    const saved: Saved = { version: this.#version, objects: Object.fromEntries(this.#objects) }
    writeFileSync(`${this.#file}.new`, JSON.stringify(saved), { mode: 0o600 })
    renameSync(`${this.#file}.new`, this.#file)
  }

  #put(object: KubeObject, resource: string): KubeObject {
    this.#version += 1
    object.metadata.resourceVersion = String(this.#version)
    const at = key(resource, object.metadata.name, object.metadata.namespace)
    const change = this.#objects.has(at) ? 'MODIFIED' : 'ADDED'
    this.#objects.set(at, object)
    this.#changed(resource, change, object)
    return object
  }

  /** What is new or gone is on disk before anyone is answered. Of what only changed, as heartbeats do, a kill loses 50 ms. */
  #changed(resource: string, change: Change, object: KubeObject): void {
    if (change !== 'MODIFIED') this.save()
    for (const listener of this.#listeners) listener(resource, change, object)
    this.#saving ??= setTimeout(() => {
      this.#saving = undefined
      this.save()
    }, 50)
  }
}

function key(resource: string, name: string, namespace: string | undefined): string {
  return isClusterWide(resource) ? `${resource}/${name}` : `${resource}/${namespace ?? 'default'}/${name}`
}

function dot(group: string): string {
  return group === '' ? '' : `.${group}`
}
