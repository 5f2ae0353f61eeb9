/** Charts of a demo begin full: what the simulated machines would have measured in the month before. */
import { setImmediate } from 'node:timers/promises'
import type { Db } from '@spanwire/control/db'
import { sqlOn } from '@spanwire/control/machine/sql'
import type { Sample } from '@spanwire/control/samples/sample-rows'
import { writeHistory } from '@spanwire/control/samples/write-history'
import { type History, historyOf } from '@spanwire/lab/fleet/history'
import type { DemoState } from './demo-state.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** As close as the charts of each range look (packages/control/src/samples/read-series.ts), not closer. */
const SPANS = [
  { table: 'samples', from: 24 * HOUR, to: 6 * HOUR, step: 5 * MINUTE },
  { table: 'samples', from: 6 * HOUR, to: HOUR, step: 2 * MINUTE },
  { table: 'samples', from: HOUR, to: 0, step: 20 },
  { table: 'samples_5m', from: 7 * DAY, to: 90 * MINUTE, step: 30 * MINUTE },
  { table: 'samples_5m', from: 90 * MINUTE, to: 5 * MINUTE, step: 5 * MINUTE },
  { table: 'samples_1h', from: 30 * DAY, to: HOUR, step: 2 * HOUR },
] as const

/** Only what no start before this one has filled or measured. */
export async function fillHistory(db: Db, state: DemoState, now: Date): Promise<void> {
  const sql = sqlOn(db.pool)
  const nodes = await sql.query<{ id: string; name: string; last: Date | null }>(
    `SELECT n.id, n.name, (SELECT max(at) FROM samples WHERE node_id = n.id AND at < $2) AS last FROM nodes n WHERE network_id = $1`,
    [state.networkId, new Date(now.getTime() - 2 * MINUTE * 1000)],
  )
  const known = new Map(nodes.map((node) => [node.name, node]))
  for (const machine of historyOf(state)) {
    const node = known.get(machine.name)
    if (!node) continue
    const since = (node.last?.getTime() ?? 0) / 1000
    for (const { table, from, to, step } of SPANS) {
      const samples = samplesOf(machine, node.id, now.getTime() / 1000, { from, to, step }, since)
      if (samples.length > 0) await writeHistory(sql, table, samples)
    }
    // The server in this process has nodes and people to answer meanwhile.
    await setImmediate()
  }
}

function samplesOf(
  machine: History,
  nodeId: string,
  now: number,
  { from, to, step }: { from: number; to: number; step: number },
  since: number,
): Sample[] {
  const samples: Sample[] = []
  for (let at = Math.ceil((now - from) / step) * step; at < now - to; at += step) {
    if (at > since) samples.push({ nodeId, at: new Date(at * 1000), ...machine.at(at) })
  }
  return samples
}
