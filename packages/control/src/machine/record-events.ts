import type { MachineDeps } from './machine-deps.ts'
import type { Sql } from './sql.ts'
import { uuid7 } from './uuid7.ts'

export type MachineEvent = {
  readonly organizationId: string
  readonly networkId: string
  readonly actor: { readonly kind: 'node' | 'system'; readonly name: string }
  readonly action: string
  readonly subject: { readonly kind: 'node' | 'network' | 'device'; readonly id: string; readonly name: string }
  readonly before?: Record<string, unknown> | null
  readonly after?: Record<string, unknown> | null
  readonly address?: string | null
}

/** What machines did or suffered, in the same transaction as the change itself. */
export async function recordEvents(sql: Sql, deps: MachineDeps, events: readonly MachineEvent[]): Promise<void> {
  if (events.length === 0) return
  const at = deps.now()
  const json = (value: Record<string, unknown> | null | undefined) => (value ? JSON.stringify(value) : null)
  await sql.query(
    `WITH written AS (
     INSERT INTO events (id, organization_id, network_id, at, actor_kind, actor_name, action, subject_kind, subject_id,
                         subject_name, before, after, address)
     SELECT u.id, u.organization_id, u.network_id, $2, u.actor_kind, u.actor_name, u.action, u.subject_kind, u.subject_id,
            u.subject_name, u.before::jsonb, u.after::jsonb, u.address
     FROM unnest($1::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
                 $11::text[], $12::text[], $13::text[])
       AS u(id, organization_id, network_id, actor_kind, actor_name, action, subject_kind, subject_id, subject_name, before,
            after, address)
     RETURNING network_id, organization_id)
     SELECT pg_notify('spanwire', json_build_object('kind', 'activity', 'network', network_id,
                                                    'organization', organization_id)::text)
       FROM (SELECT DISTINCT network_id, organization_id FROM written) AS networks`,
    [
      events.map(() => uuid7(at, deps.random)),
      at,
      events.map((event) => event.organizationId),
      events.map((event) => event.networkId),
      events.map((event) => event.actor.kind),
      events.map((event) => event.actor.name),
      events.map((event) => event.action),
      events.map((event) => event.subject.kind),
      events.map((event) => event.subject.id),
      events.map((event) => event.subject.name),
      events.map((event) => json(event.before)),
      events.map((event) => json(event.after)),
      events.map((event) => event.address ?? null),
    ],
  )
}
