import { randomBytes } from 'node:crypto'
import type { Services } from '@spanwire/control/context'
import type { Db } from '@spanwire/control/db'
import { openHints } from '@spanwire/control/hints'
import { makeLimits } from '@spanwire/control/limits'
import { makeSeal } from '@spanwire/control/secrets'
import { hostPrefixes } from './host-prefixes.ts'
import type { Log } from './log.ts'

/** What the verbs get of this process: clock, randomness, keys, hints. */
export async function makeServices(
  db: Db,
  secret: string,
  { url, pin }: { url: string; pin: string | null },
  log: Log,
): Promise<Services> {
  return {
    db,
    now: () => new Date(),
    random: (bytes) => randomBytes(bytes),
    seal: makeSeal(secret),
    hints: await openHints(db, (error) => log.error(error, { part: 'hints' })),
    limits: makeLimits(db),
    server: { url, pin, prefixes: hostPrefixes },
  }
}
