import { prunePathChanges as prune } from '@spanwire/control/paths/prune-path-changes'
import type { Job } from './job.ts'

/** The history of ways, kept as long as it is told. */
export const prunePathChanges: Job = {
  everyMinutes: 30,
  run: ({ db, now }) => prune(db, now()),
}
