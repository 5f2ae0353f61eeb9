// The program itself, as far as it gets without a server.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { benchmarks } from './benchmarks.ts'

test('an unknown name ends the program before anything is started, with the list', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'bench/main.ts', 'nothing'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    encoding: 'utf8',
  })
  expect(status).toBe(2)
  expect(stdout).toBe('')
  expect(stderr.trim()).toBe(`There is no benchmark nothing. The benchmarks are: ${Object.keys(benchmarks).join(' ')}`)
}, 60_000)
