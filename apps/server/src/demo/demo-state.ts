import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { Stop } from '../stop.ts'

/** What makes a second start the same demo. The seed is a secret: the keys of the simulated machines are made of it. */
const DemoState = z.object({
  seed: z.string(),
  networkId: z.string(),
  nodes: z.number(),
  sites: z.number(),
  /** Demos of before had one. */
  gateways: z.number().default(1),
})
export type DemoState = z.infer<typeof DemoState>

const FILE = 'demo.json'

export async function readDemoState(data: string): Promise<DemoState | null> {
  const text = await readFile(join(data, FILE), 'utf8').catch(() => null)
  if (text === null) return null
  const state = DemoState.safeParse(JSON.parse(text))
  if (!state.success) throw new Stop(`${join(data, FILE)} cannot be read: begin anew with --reset.`)
  return state.data
}

export async function writeDemoState(data: string, state: DemoState): Promise<void> {
  await writeFile(join(data, FILE), JSON.stringify(state), { mode: 0o600 })
  await chmod(join(data, FILE), 0o600)
}

/** What the simulated machines remember of keys that were rotated. */
export const keysFile = (data: string): string => join(data, 'fleet-keys.json')

export const newSeed = (): string => randomBytes(24).toString('base64url')

/** A directory that is no demo's is somebody's: it is never thrown away, and no demo moves in. */
export async function prepareDirectory(data: string, { reset }: { reset: boolean }): Promise<void> {
  const files: string[] = await readdir(data).catch(() => [])
  const isDemo = files.includes(MARK)
  if (files.length > 0 && !isDemo)
    throw new Stop(`${data} holds something else than a demo: name another directory with --data.`)
  if (reset && isDemo) await rm(data, { recursive: true, force: true })
  await mkdir(data, { recursive: true, mode: 0o711 })
  await writeFile(join(data, MARK), 'The data of `npm run demo`. It may be deleted when no demo runs.\n')
}

const MARK = 'DEMO.txt'
