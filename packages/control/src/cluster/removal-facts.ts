/** The steps of a removal, each a fact of its own, written where the machines said it. */
import type { MachineDeps } from '../machine/machine-deps.ts'
import { recordEvents } from '../machine/record-events.ts'
import type { Sql } from '../machine/sql.ts'
import { REMOVAL_STEPS } from './removal-steps.ts'

/** By the kind of the request. */
export const REMOVAL_OF: Readonly<Partial<Record<string, string>>> = Object.fromEntries(
  REMOVAL_STEPS.map(({ kind, step }) => [kind, step]),
)

type Note = {
  readonly step: string
  readonly nodeId: string
  readonly networkId: string
  readonly state: 'asked' | 'done' | 'failed'
  readonly text: string
}

export async function noteRemoval(sql: Sql, deps: MachineDeps, note: Note): Promise<void> {
  const fact = { state: note.state, text: note.text, at: deps.now().toISOString() }
  const rows = await sql.query<{ name: string; organizationId: string }>(
    `UPDATE cluster_nodes m SET removal = jsonb_set(m.removal, ARRAY[$2], $3::jsonb)
       FROM nodes n JOIN networks w ON w.id = n.network_id
      WHERE m.node_id = $1 AND n.id = m.node_id AND m.removal IS NOT NULL
      RETURNING n.name, w.organization_id "organizationId"`,
    [note.nodeId, note.step, JSON.stringify(fact)],
  )
  if (note.state === 'asked') return
  const events = rows.map(({ name, organizationId }) => ({
    organizationId,
    networkId: note.networkId,
    actor: { kind: 'system' as const, name: 'spanwire' },
    action: `cluster.${note.step}`,
    subject: { kind: 'node' as const, id: note.nodeId, name },
    after: fact,
  }))
  await recordEvents(sql, deps, events)
}
