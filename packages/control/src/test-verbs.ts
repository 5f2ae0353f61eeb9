/** The verbs of persons, found by walking the files: for tests of what holds for each, those of tomorrow included. */
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ZodObject } from 'zod'
import type { Context } from './context.ts'

export type Verb = {
  readonly name: string
  readonly room: string
  readonly source: string
  readonly writes: boolean
  readonly input: ZodObject
  readonly run: (ctx: Context, input: unknown) => Promise<unknown>
}

export async function readVerbs(): Promise<Verb[]> {
  const found: Verb[] = []
  for (const room of ROOMS) {
    for (const file of (await readdir(join(ROOT, room))).sort()) {
      if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue
      const name = basename(file, '.ts')
      const camel = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
      const exported: Record<string, unknown> = await import(`./${room}/${file}`)
      const input = exported[camel.charAt(0).toUpperCase() + camel.slice(1)]
      const run = exported[camel]
      if (typeof run !== 'function' || input === undefined) continue
      const source = await readFile(join(ROOT, room, file), 'utf8')
      found.push({ name, room, source, writes: source.includes('inTransaction('), input, run } as Verb)
    }
  }
  return found
}

const ROOT = fileURLToPath(new URL('.', import.meta.url))
const ROOMS = [
  'activity',
  'api-key',
  'cluster',
  'device',
  'invitation',
  'join-key',
  'member',
  'network',
  'node',
  'paths',
  'policy',
  'setup',
  'site',
  'topology',
]
