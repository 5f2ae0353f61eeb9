import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

export type K3sProgram = { version: string; file: Buffer; sha256: string }

const built = new Map<string, K3sProgram>()

/**
 * The stand-in as one executable file, as the real one is: a host sees neither the repository nor its packages. Built once
 * for each version in a process.
 */
export function k3sProgram(version: string): K3sProgram {
  const known = built.get(version)
  if (known) return known
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL('./binary/main.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    define: { K3S_VERSION: JSON.stringify(version) },
    banner: { js: `#!${process.execPath}` },
    logLevel: 'error',
  })
  const file = Buffer.from(outputFiles[0]?.contents ?? [])
  const program = { version, file, sha256: createHash('sha256').update(file).digest('hex') }
  built.set(version, program)
  return program
}
