import { setTimeout as sleep } from 'node:timers/promises'
import { duration } from '../duration.ts'
import { conditionOf } from '../server/kube-object.ts'
import type { CommandLine } from './command-line.ts'
import { jsonPath } from './json-path.ts'
import type { KubeClient } from './kube-client.ts'
import { KubectlError } from './kubectl-error.ts'
import { targets } from './targets.ts'

/** `--for=condition=Ready[=True]`, `--for=delete`, `--for=jsonpath={.a}=b`. */
export async function wait(client: KubeClient, line: CommandLine, words: string[]): Promise<number> {
  const wanted = line.value('for') ?? ''
  const timeoutMs = duration(line.value('timeout') ?? '30s')
  const deadline = Date.now() + timeoutMs
  const found = await targets(client, line, words)
  if (found.length === 0) throw new KubectlError('error: no matching resources found')
  for (const { path, resource, name } of found) {
    const title = `${resource.replace(/s$/, '')}/${name}`
    const object = () => client.find(path)
    if (wanted !== 'delete' && !(await object()))
      throw new KubectlError(`Error from server (NotFound): ${resource} "${name}" not found`)
    while (!(await holds(object, wanted))) {
      if (Date.now() > deadline)
        throw new KubectlError(`error: timed out waiting for the condition on ${resource}/${name}`)
      await sleep(200)
    }
    process.stdout.write(`${title} ${wanted === 'delete' ? 'deleted' : 'condition met'}\n`)
  }
  return 0
}

async function holds(find: () => ReturnType<KubeClient['find']>, wanted: string): Promise<boolean> {
  const object = await find()
  if (wanted === 'delete') return object === undefined
  if (!object) return false
  const [, type, status = 'True'] = /^condition=([^=]+)(?:=(.*))?$/.exec(wanted) ?? []
  if (type !== undefined) return conditionOf(object, type)?.status.toLowerCase() === status.toLowerCase()
  const [, path, value] = /^jsonpath='?(\{.*\})'?(?:=(.*))?$/.exec(wanted) ?? []
  if (path === undefined) throw new KubectlError(`error: unrecognized condition: "${wanted}"`)
  const now = jsonPath(object, path)
  return value === undefined ? now !== '' : now === value
}

export async function waitForDeletion(client: KubeClient, path: string, timeout: string): Promise<void> {
  const deadline = Date.now() + (duration(timeout) || Number.POSITIVE_INFINITY)
  while (await client.find(path)) {
    if (Date.now() > deadline) throw new KubectlError(`error: timed out waiting for the condition on ${path}`)
    await sleep(200)
  }
}
