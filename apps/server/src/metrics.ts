import type { Db } from '@spanwire/control/db'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'

export type NodeCounters = { syncs: Counter<'status'>; bundleBytes: Counter }
export type Metrics = { registry: Registry; nodes: NodeCounters }

/** A node reports at least every 20 s plus its round trip; two silent rounds and it counts as gone. */
const REPORTING_SECONDS = 60

/** `held` is how many requests of nodes wait at this moment. */
export function makeMetrics(db: Db, held: () => number): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const nodes = {
    syncs: new Counter({
      name: 'spanwire_sync_total',
      help: 'sync requests answered: 200 is a bundle',
      labelNames: ['status'] as const,
      registers,
    }),
    bundleBytes: new Counter({ name: 'spanwire_bundle_bytes_total', help: 'bytes of bundles sent', registers }),
  }
  new Gauge({
    name: 'spanwire_sync_held',
    help: 'sync requests held open at this moment',
    registers,
    collect() {
      this.set(held())
    },
  })
  const reporting = new Gauge({
    name: 'spanwire_nodes',
    help: 'nodes of all networks by what is heard of them',
    labelNames: ['reporting'] as const,
    registers,
  })
  new Gauge({
    name: 'spanwire_ingest_lag_seconds',
    help: 'age of the newest report in the database',
    registers,
    async collect() {
      const { rows } = await db.pool.query<{ here: number; away: number; lag: number | null }>(
        `SELECT count(*) FILTER (WHERE s.reported_at > now() - make_interval(secs => $1))::int AS here,
                count(*) FILTER (WHERE s.reported_at IS NULL OR s.reported_at <= now() - make_interval(secs => $1))::int AS away,
                extract(epoch FROM now() - max(s.reported_at))::float8 AS lag
           FROM nodes n LEFT JOIN node_status s ON s.node_id = n.id
          WHERE n.state <> 'invited'`,
        [REPORTING_SECONDS],
      )
      const [{ here, away, lag } = { here: 0, away: 0, lag: null }] = rows
      reporting.set({ reporting: 'yes' }, here)
      reporting.set({ reporting: 'no' }, away)
      // The node's clock does not come into it; a database whose clock is a little behind must not give a negative age.
      this.set(lag === null ? Number.NaN : Math.max(0, lag))
    },
  })
  return { registry, nodes }
}
