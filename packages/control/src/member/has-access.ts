import type { Context } from '../context.ts'

/** Whether the actor still is what it was when the request began: what stays open for hours asks again. */
export async function hasAccess(ctx: Context): Promise<boolean> {
  const { actor } = ctx
  if (actor.kind === 'person') {
    const { rows } = await ctx.db.pool.query(
      'select 1 from memberships where user_id = $1 and organization_id = $2 and role::text = $3',
      [actor.userId, actor.organizationId, actor.role],
    )
    return rows.length > 0
  }
  if (actor.kind === 'api-key') {
    const { rows } = await ctx.db.pool.query(
      'select 1 from api_keys where id = $1 and organization_id = $2 and revoked_at is null and expires_at > $3',
      [actor.id, actor.organizationId, ctx.now()],
    )
    return rows.length > 0
  }
  return false
}
