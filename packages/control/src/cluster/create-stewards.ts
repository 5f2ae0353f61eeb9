/**
 * The stewards of one server process: each cluster, each policy on trial, and the paths of each network that has more than one way, every
 * three seconds, and at once when something changed.
 */
import { endDevices } from '../device/end-devices.ts'
import { isDatabaseAway } from '../is-database-away.ts'
import type { MachineDeps } from '../machine/machine-deps.ts'
import { type Settled, stewardPaths } from '../paths/steward-paths.ts'
import { stewardTrial } from '../policy/steward-trial.ts'
import { stewardCluster } from './steward.ts'

export type Stewards = {
  /** Something changed there. */
  soon(networkId: string): void
  close(): Promise<void>
}

const ROUND_MS = 3_000
/** Processes that were started together spread. */
const JITTER_MS = 500

export function createStewards(deps: MachineDeps, told: { isAway(): boolean; suspect(): void }): Stewards {
  const wanted = new Set<string>()
  const settled: Settled = new Map()
  let working: Promise<void> | null = null
  let isClosed = false
  let timer = setTimeout(round, ROUND_MS)

  async function round(): Promise<void> {
    if (!told.isAway()) {
      try {
        await endDevices(deps)
        const networks = await deps.db.pool.query<{ id: string }>(
          `SELECT network_id AS id FROM clusters UNION SELECT network_id FROM policy_trials WHERE state = 'running'
            UNION SELECT network_id FROM direct_pairs WHERE wanted_until <= $1
            UNION (SELECT network_id FROM nodes WHERE role = 'gateway' AND ordinal IS NOT NULL GROUP BY 1 HAVING count(*) > 1)`,
          [deps.now()],
        )
        for (const { id } of networks.rows) soon(id)
      } catch (error) {
        afterFailure(error)
      }
    }
    if (!isClosed) timer = setTimeout(round, ROUND_MS + Math.random() * JITTER_MS)
  }

  function soon(networkId: string): void {
    if (isClosed) return
    wanted.add(networkId)
    working ??= work().finally(() => {
      working = null
    })
  }

  /** One after the other: a storm of changes in one network is one look at it. */
  async function work(): Promise<void> {
    for (let next = first(wanted); next !== undefined && !isClosed; next = first(wanted)) {
      wanted.delete(next)
      for (const steward of [stewardTrial, stewardPaths, stewardCluster]) {
        try {
          await steward(deps, next, settled)
        } catch (error) {
          afterFailure(error)
        }
      }
    }
  }

  function afterFailure(error: unknown): void {
    if (isDatabaseAway(error)) told.suspect()
    else console.error('spanwire: a cluster, a policy on trial or paths could not be looked after', error)
  }

  return {
    soon,
    async close() {
      isClosed = true
      clearTimeout(timer)
      await working
    },
  }
}

const first = (set: ReadonlySet<string>): string | undefined => set.values().next().value
