import { invariant } from '@spanwire/mesh/invariant'
import type { Context } from './context.ts'
import type { Json, Tx } from './db.ts'
import { notify } from './hints.ts'

export type AuditEntry = {
  /** `node.remove`: the verb as the activity log filters by it */
  readonly action: string
  readonly network?: string | null
  readonly subject: { readonly kind: string; readonly id: string | null; readonly name: string }
  /** only what changed; never a secret */
  readonly before?: Json
  readonly after?: Json
  /** for an actor that belongs to no organization */
  readonly organization?: string
  /** who it was, where the actor was nobody before the act */
  readonly actorName?: string
}

/** Who does it, and when. */
export type AuditContext = Pick<Context, 'actor' | 'address' | 'now'>

/** In the transaction of what it tells of: neither stands without the other. */
export async function audit(tx: Tx, ctx: AuditContext, entry: AuditEntry): Promise<void> {
  const { actor } = ctx
  const organizationId = entry.organization ?? ('organizationId' in actor ? actor.organizationId : undefined)
  invariant(organizationId !== undefined, `${entry.action} belongs to an organization`)
  const name = entry.actorName ?? (actor.kind === 'nobody' ? 'nobody' : actor.name)
  await tx.event.create({
    data: {
      organizationId,
      networkId: entry.network ?? null,
      at: ctx.now(),
      actorKind: actor.kind === 'nobody' ? 'person' : actor.kind,
      actorName: name,
      action: entry.action,
      subjectKind: entry.subject.kind,
      subjectId: entry.subject.id,
      subjectName: entry.subject.name,
      before: entry.before,
      after: entry.after,
      address: ctx.address,
    },
    select: { id: true },
  })
  const network = entry.network ?? undefined
  await notify(tx, { kind: 'activity', organization: organizationId, ...(network && { network }) })
}
