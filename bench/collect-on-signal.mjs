/**
 * Loaded into the servers: SIGUSR2 collects garbage and leaves the bytes that are in use in a file. Not the resident ones: pages that
 * start-up left behind are used again or given back as it pleases the collector, which is more than a thousand requests need.
 */
import { renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
const path = join(tmpdir(), `spanwire-bench-in-use-${process.pid}`)
process.on('SIGUSR2', () => {
  collect()
  collect()
  const { heapUsed, external } = process.memoryUsage()
  writeFileSync(`${path}.part`, String(heapUsed + external))
  renameSync(`${path}.part`, path)
})
