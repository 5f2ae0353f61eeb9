// Work that happens once for all server processes of a database, by a queue in that database: one file a job, one line here.
import type { Services } from '@spanwire/control/context'
import { Logger, parseCronItems, run } from 'graphile-worker'
import type { Log } from '../log.ts'
import { keepSamples } from './keep-samples.ts'

export type Job = {
  /** crontab(5), UTC */
  readonly when: string
  readonly run: (services: Services) => Promise<void>
}

const jobs = { 'keep-samples': keepSamples } satisfies Record<string, Job>

const MINUTE_MS = 60_000

export async function startJobs(services: Services, log: Log): Promise<{ close(): Promise<void> }> {
  const named = Object.entries<Job>(jobs)
  // Once before the doors open: the first reports need their partitions.
  for (const [, job] of named) await job.run(services)
  const runner = await run({
    pgPool: services.db.pool,
    concurrency: 1,
    pollInterval: 10_000,
    noHandleSignals: true,
    taskList: Object.fromEntries(named.map(([name, job]) => [name, () => job.run(services)])),
    parsedCronItems: parseCronItems(
      // A server that was away makes up for its last minute, not for all that it missed.
      named.map(([task, job]) => ({ task, match: job.when, options: { backfillPeriod: MINUTE_MS, maxAttempts: 2 } })),
    ),
    logger: new Logger(() => (level, message, meta) => {
      if (level === 'error') log.error(message, { part: 'jobs', error: String(meta?.error ?? '') })
    }),
  })
  return { close: () => runner.stop() }
}
