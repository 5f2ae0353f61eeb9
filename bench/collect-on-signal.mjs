/**
 * Loaded into the servers: SIGUSR2 collects garbage and leaves the resident bytes in a file, so that memory is compared and not how
 * lazy a collector is.
 */
import { renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
const path = join(tmpdir(), `spanwire-bench-resident-${process.pid}`)
process.on('SIGUSR2', () => {
  collect()
  collect()
  writeFileSync(`${path}.part`, String(process.memoryUsage.rss()))
  renameSync(`${path}.part`, path)
})
