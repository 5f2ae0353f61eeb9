import { setTimeout as sleep } from 'node:timers/promises'
import { duration } from '../duration.ts'
import type { KubeObject } from '../server/kube-object.ts'
import { mergePatch } from '../server/merge-patch.ts'
import type { CommandLine } from './command-line.ts'
import type { KubeClient } from './kube-client.ts'
import { KubectlError } from './kubectl-error.ts'

/** `run NAME --image=… [--port] [--labels] [--overrides JSON] [--restart] [--rm] [-i] [--command] [-- COMMAND …]`. */
export async function run(client: KubeClient, line: CommandLine, [name = '']: string[]): Promise<number> {
  const image = line.value('image')
  if (image === undefined) throw new KubectlError('error: required flag(s) "image" not set')
  const pairs = (line.value('labels') ?? `run=${name}`).split(',').map((each) => each.split('=') as [string, string])
  const port = line.value('port')
  const pod: KubeObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: Object.fromEntries(pairs) },
    spec: {
      restartPolicy: line.value('restart') ?? 'Always',
      containers: [
        {
          name,
          image,
          ...(port === undefined ? {} : { ports: [{ containerPort: Number(port) }] }),
          ...(line.rest.length > 0 ? { args: line.rest } : {}),
        },
      ],
    },
  }
  const overridden = mergePatch(pod, JSON.parse(line.value('overrides') ?? '{}'))
  await client.send('POST', client.path('pods'), overridden)
  if (!line.has('stdin') && !line.has('attach')) {
    process.stdout.write(`pod/${name} created\n`)
    return 0
  }
  return attach(client, line, name)
}

/** Waits for the end and prints what the pod printed. */
async function attach(client: KubeClient, line: CommandLine, name: string): Promise<number> {
  const path = client.path('pods', name)
  const deadline = Date.now() + (duration(line.value('pod-running-timeout') ?? '') || 60_000)
  let phase = ''
  while (phase !== 'Succeeded' && phase !== 'Failed') {
    if (Date.now() > deadline && phase !== 'Running')
      throw new KubectlError('error: timed out waiting for the condition')
    await sleep(200)
    phase = (await client.get(path)).status?.phase ?? ''
  }
  const text = await client.text(`${path}/log`)
  process.stdout.write(text.replace(/exited \d+\n$/, ''))
  if (line.has('rm')) {
    await client.send('DELETE', `${path}?gracePeriodSeconds=0`)
    if (!line.has('quiet')) process.stdout.write(`pod "${name}" deleted\n`)
  }
  const code = Number(/exited (\d+)\n$/.exec(text)?.[1] ?? 0)
  if (code !== 0) throw new KubectlError(`pod ${client.namespace}/${name} terminated (Error)`, code)
  return 0
}

export async function exec(client: KubeClient, line: CommandLine, [word = '']: string[]): Promise<number> {
  const query = new URLSearchParams(line.rest.map((each): [string, string] => ['command', each]))
  const path = client.path('pods', word.replace(/^pods?\//, ''))
  const { code, output } = JSON.parse(await client.text(`${path}/exec?${query}`, 'POST'))
  process.stdout.write(output)
  if (code !== 0) throw new KubectlError(`command terminated with exit code ${code}`, code)
  return 0
}

export async function logs(client: KubeClient, line: CommandLine, [word = '']: string[]): Promise<number> {
  const text = await client.text(`${client.path('pods', word.replace(/^pods?\//, ''))}/log`)
  const tail = line.value('tail')
  const lines = text.replace(/exited \d+\n$/, '').split('\n')
  process.stdout.write(tail === undefined ? lines.join('\n') : lines.slice(-Number(tail) - 1).join('\n'))
  return 0
}
