import { z } from 'zod'
import type { Context } from '../context.ts'
import { iso } from '../iso.ts'
import { visibleNetwork } from '../network/visible-network.ts'
import { milliseconds } from '../node/read-nodes.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { EventRow } from './event-row.ts'

export const ListActivity = z.object({
  network: z.uuid().optional(),
  subjectId: z.uuid().optional(),
  /** `node.remove`, or `node` for all about nodes. */
  action: z.string().max(80).optional(),
  /** A part of the name. */
  actor: z.string().max(200).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.number().int().min(1).max(500).default(50),
})
export const ListActivityOutput = z.object({ rows: z.array(EventRow), nextCursor: z.string().nullable() })

/** The newest first. The cursor is a place in the order, not a count: events that come meanwhile shift nothing. */
export async function listActivity(
  ctx: Context,
  input: z.infer<typeof ListActivity>,
): Promise<z.infer<typeof ListActivityOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  if (input.network) await visibleNetwork(ctx, organizationId, input.network)
  const before = input.cursor === undefined ? null : readCursor(input.cursor)
  const { rows } = await ctx.db.pool.query<Omit<EventRow, 'at'> & { at: number }>(
    `select id, ${milliseconds('at')} "at", actor_kind "actorKind", actor_name "actorName", action, subject_kind "subjectKind",
        subject_id "subjectId", subject_name "subjectName", network_id "networkId", before, after, address
      from events
      where organization_id = $1
        and ($2::uuid is null or network_id = $2)
        and ($3::text is null or subject_id = $3)
        and ($4::text is null or action = $4 or starts_with(action, $4 || '.'))
        and ($5::text is null or position(lower($5) in lower(actor_name)) > 0)
        and ($6::timestamptz is null or (at, id) < ($6, $7::uuid))
      order by at desc, id desc limit $8`,
    [
      organizationId,
      input.network ?? null,
      input.subjectId ?? null,
      input.action ?? null,
      input.actor ?? null,
      before?.at ?? null,
      before?.id ?? null,
      input.limit + 1,
    ],
  )
  const page = rows.slice(0, input.limit).map((row) => ({ ...row, at: iso(row.at) }))
  const last = page.at(-1)
  return { rows: page, nextCursor: last && rows.length > input.limit ? `${last.at}_${last.id}` : null }
}

function readCursor(cursor: string): { at: string; id: string } {
  const parsed = z.tuple([z.iso.datetime(), z.uuid()]).safeParse(cursor.split('_'))
  if (!parsed.success) throw new Refusal('BAD_REQUEST', 'The cursor is not one that this list gave.')
  return { at: parsed.data[0], id: parsed.data[1] }
}
