/**
 * Nodes that fell silent and came back, as events, each told once though every server process watches.
 *
 * Silence is the node's own only if we could have heard it: a process that was away itself, or whose database was, first listens as
 * long as a node may be late.
 */
import { REPORT_LATE_MS } from '@spanwire/mesh/health/reporting-status'
import type { MachineDeps } from './machine-deps.ts'
import { recordEvents } from './record-events.ts'
import type { Sql } from './sql.ts'
import { lastTold } from './tell-tunnels.ts'

const ACTIONS = ['node.silent', 'node.back'] as const

type Subject = {
  readonly id: string
  readonly name: string
  readonly network_id: string
  readonly organization_id: string
}

export async function tellSilent(sql: Sql, deps: MachineDeps): Promise<void> {
  const [lock] = await sql.query<{ held: boolean }>(
    "SELECT pg_try_advisory_xact_lock(hashtext('spanwire silence')) AS held",
  )
  if (!lock?.held) return
  const since = new Date(deps.now().getTime() - REPORT_LATE_MS)
  const silent = await sql.query<Subject & { reported_at: Date }>(
    `SELECT n.id, n.name, n.network_id, w.organization_id, s.reported_at
       FROM node_status s JOIN nodes n ON n.id = s.node_id JOIN networks w ON w.id = n.network_id
      WHERE s.reported_at < $1 AND n.state IN ('enrolled', 'active')`,
    [since],
  )
  const told = await lastTold(
    sql,
    silent.map(({ id }) => id),
    ACTIONS,
  )
  const news = silent.filter(({ id }) => told.get(id) !== 'node.silent')
  await recordEvents(
    sql,
    deps,
    news.map((node) => ({ ...about(node, 'node.silent'), after: { lastReport: node.reported_at } })),
  )
}

/** Of the nodes that report, those that had fallen silent. Before their new reports are written. */
export async function tellBack(sql: Sql, deps: MachineDeps, nodeIds: readonly string[]): Promise<void> {
  const late = await sql.query<Subject>(
    `SELECT n.id, n.name, n.network_id, w.organization_id
       FROM node_status s JOIN nodes n ON n.id = s.node_id JOIN networks w ON w.id = n.network_id
      WHERE s.node_id = ANY($1::uuid[]) AND s.reported_at < $2
      ORDER BY s.node_id
        FOR UPDATE OF s`,
    [nodeIds, new Date(deps.now().getTime() - REPORT_LATE_MS)],
  )
  if (late.length === 0) return
  const told = await lastTold(
    sql,
    late.map(({ id }) => id),
    ACTIONS,
  )
  const back = late.filter(({ id }) => told.get(id) === 'node.silent')
  await recordEvents(
    sql,
    deps,
    back.map((node) => about(node, 'node.back')),
  )
}

const about = (node: Subject, action: (typeof ACTIONS)[number]) => ({
  organizationId: node.organization_id,
  networkId: node.network_id,
  actor: { kind: 'system' as const, name: 'spanwire' },
  action,
  subject: { kind: 'node' as const, id: node.id, name: node.name },
})
