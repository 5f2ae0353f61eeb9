/**
 * kubectl as far as a script that runs a cluster needs it: get, describe (as yaml), delete, cordon, uncordon, drain, label,
 * annotate, taint, apply, create, patch, wait, run, exec, logs, certificate approve, version, config view. Output is the
 * real shape of JSON; tables have kubectl's columns.
 */
import { readFileSync } from 'node:fs'
import { paths } from '../paths.ts'
import { readKubeconfig } from '../server/kubeconfig.ts'
import { version } from '../version.ts'
import { apply, create } from './apply.ts'
import { annotate, approve, label, patch, remove, taint } from './change.ts'
import { readCommandLine } from './command-line.ts'
import { exec, logs, run } from './container-commands.ts'
import { cordon, drain } from './drain.ts'
import { get, raw } from './get.ts'
import { KubeClient } from './kube-client.ts'
import { KubectlError } from './kubectl-error.ts'
import { wait } from './wait.ts'

export async function kubectl(argv: string[]): Promise<number> {
  const line = readCommandLine(argv)
  const [verb = '', ...words] = line.words
  try {
    if (verb === 'version' && line.has('client')) return print(`Client Version: ${version}`)
    const file = line.value('kubeconfig') ?? process.env.KUBECONFIG ?? paths.kubeconfig
    if (verb === 'config') return print(readFileSync(file, 'utf8').trimEnd())
    const config = readKubeconfig(file)
    if (!config)
      throw new KubectlError(
        'The connection to the server localhost:8080 was refused - did you specify the right host or port?',
      )
    const client = new KubeClient(config, line)
    try {
      switch (verb) {
        case 'get':
          return line.value('raw') === undefined ? await get(client, line, words) : await raw(client, line)
        case 'describe':
          return await get(client, line.with('output', 'yaml'), words)
        case 'delete':
          return await remove(client, line, words)
        case 'cordon':
        case 'uncordon':
          return await cordon(client, words, verb)
        case 'drain':
          return await drain(client, line, words)
        case 'label':
          return await label(client, line, words)
        case 'annotate':
          return await annotate(client, line, words)
        case 'taint':
          return await taint(client, words)
        case 'apply':
          return await apply(client, line)
        case 'create':
          return await create(client, line, words)
        case 'patch':
          return await patch(client, line, words)
        case 'wait':
          return await wait(client, line, words)
        case 'run':
          return await run(client, line, words)
        case 'exec':
          return await exec(client, line, words)
        case 'logs':
          return await logs(client, line, words)
        case 'certificate':
          return await approve(client, words)
        case 'version':
          return print(
            `Client Version: ${version}\nServer Version: ${JSON.parse(await client.text('/version')).gitVersion}`,
          )
        default:
          throw new KubectlError(`error: unknown command "${verb}" for "kubectl"`)
      }
    } finally {
      client.close()
    }
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    return error instanceof KubectlError ? error.code : 1
  }
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}
