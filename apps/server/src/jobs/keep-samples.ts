import { runSampleJobs } from '@spanwire/control/samples/sample-jobs'
import type { Job } from './job.ts'

/** Rolls samples up, makes the partitions of the days to come and drops those of the days that are kept no longer. */
export const keepSamples: Job = {
  everyMinutes: 1,
  run: ({ db, now }) => runSampleJobs(db, now()),
}
