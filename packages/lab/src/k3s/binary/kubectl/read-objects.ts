import { readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'
import type { KubeObject } from '../server/kube-object.ts'
import type { CommandLine } from './command-line.ts'
import { KubectlError } from './kubectl-error.ts'

/** Of `-f FILE` or `-f -`: YAML documents, JSON, lists. */
export function readObjects(line: CommandLine): KubeObject[] {
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
