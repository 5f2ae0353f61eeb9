/** How far the setting of a node's labels in Kubernetes is. */
import type { Placement } from '@spanwire/mesh/cluster/placement'
import type { MachineDeps } from '../machine/machine-deps.ts'
import { recordEvents } from '../machine/record-events.ts'
import type { Sql } from '../machine/sql.ts'
import type { Labelling } from './placing.ts'

const NOTHING: Placement = { labels: {}, taints: [] }

/** `asked`: what a server is asked to give it, when it is. */
type Note = {
  readonly nodeId: string
  readonly networkId: string
  readonly state: Labelling['state']
  readonly text: string
  readonly asked?: Placement
}

export async function noteLabelling(sql: Sql, deps: MachineDeps, note: Note): Promise<void> {
  const [row] = await sql.query<{
    name: string
    organizationId: string
    registered: Placement | null
    labelling: Labelling | null
  }>(
    `SELECT n.name, w.organization_id "organizationId", m.registered, m.labelling
       FROM cluster_nodes m JOIN nodes n ON n.id = m.node_id JOIN networks w ON w.id = n.network_id WHERE m.node_id = $1`,
    [note.nodeId],
  )
  if (!row) return
  const before = row.labelling
  const given = before?.given ?? row.registered ?? NOTHING
  const after: Labelling = {
    given: note.state === 'done' ? (before?.asked ?? given) : given,
    asked: note.asked ?? null,
    state: note.state,
    text: note.text,
    at: deps.now().toISOString(),
  }
  await sql.query('UPDATE cluster_nodes SET labelling = $2 WHERE node_id = $1', [note.nodeId, JSON.stringify(after)])
  // It is tried each minute: what fails alike is said once.
  const isNews = note.state === 'done' || (note.state === 'failed' && before?.text !== note.text)
  if (!isNews) return
  await recordEvents(sql, deps, [
    {
      organizationId: row.organizationId,
      networkId: note.networkId,
      actor: { kind: 'system', name: 'spanwire' },
      action: 'cluster.label',
      subject: { kind: 'node', id: note.nodeId, name: row.name },
      before: note.state === 'done' ? given : null,
      after: note.state === 'done' ? after.given : { state: note.state, text: note.text },
    },
  ])
}
