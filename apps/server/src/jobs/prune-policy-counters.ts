import { pruneCounters } from '@spanwire/control/policy/prune-counters'
import type { Job } from './job.ts'

/** Counters of rules and of what none let in, kept as long as they are told. */
export const prunePolicyCounters: Job = {
  everyMinutes: 30,
  run: ({ db, now }) => pruneCounters(db, now()),
}
