/**
 * Work that happens once for all server processes of a database, by a queue in that database: one file a job, one line here.
 *
 *   each process, each minute ── add under the job's name ──► the same row ── taken by one process
 *
 * Not the queue's own crontab: it ends for good at the first minute in which the database is away.
 */
import type { Services } from '@spanwire/control/context'
import { isDatabaseAway } from '@spanwire/control/is-database-away'
import { Logger, makeWorkerUtils, runTaskList } from 'graphile-worker'
import type { Log } from '../log.ts'
import type { Job } from './job.ts'
import { keepSamples } from './keep-samples.ts'
import { prunePathChanges } from './prune-path-changes.ts'
import { prunePolicyCounters } from './prune-policy-counters.ts'

const jobs = {
  'keep-samples': keepSamples,
  'prune-policy-counters': prunePolicyCounters,
  'prune-path-changes': prunePathChanges,
} satisfies Record<string, Job>

const MINUTE_MS = 60_000

/** `minuteMs` is a minute but for tests, which have no time. */
export async function startJobs(
  services: Services,
  log: Log,
  minuteMs = MINUTE_MS,
): Promise<{ close(): Promise<void> }> {
  const named = Object.entries<Job>(jobs)
  // Once before the doors open: the first reports need their partitions.
  for (const [, job] of named) await job.run(services)
  const { pool } = services.db
  const logger = new Logger(() => (level, message, meta) => {
    const error = meta?.error
    if (level === 'error' && !isDatabaseAway(error)) log.error(message, { part: 'jobs', error: String(error ?? '') })
  })
  const queue = await makeWorkerUtils({ pgPool: pool, logger })
  await queue.migrate()
  const workers = runTaskList(
    { concurrency: 1, pollInterval: 10_000, noHandleSignals: true, logger },
    Object.fromEntries(named.map(([name, job]) => [name, () => job.run(services)])),
    pool,
  )
  workers.promise.catch((error: unknown) => log.error(error, { part: 'jobs' }))
  const timers = named.map(([name, { everyMinutes }]) =>
    setInterval(() => {
      // All processes name the same moment and the same key, so it is one job; one that is due and not yet taken stays due.
      const everyMs = everyMinutes * minuteMs
      const runAt = new Date(Math.ceil(services.now().getTime() / everyMs) * everyMs)
      const once = { jobKey: name, jobKeyMode: 'preserve_run_at', runAt, maxAttempts: 2 } as const
      queue.addJob(name, {}, once).catch((error: unknown) => {
        if (!isDatabaseAway(error)) log.error(error, { part: 'jobs' })
      })
    }, everyMinutes * minuteMs),
  )
  return {
    async close() {
      for (const timer of timers) clearInterval(timer)
      await workers.gracefulShutdown()
      await queue.release()
    },
  }
}
