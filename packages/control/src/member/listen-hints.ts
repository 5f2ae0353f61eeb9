/**
 * Hints of one organization, for as long as the actor belongs to it in the role that it began with.
 *
 *   of the last 30 s ──► queue        (what changed after the page was read, and before it listened)
 *   hint ──► queue ──► yield          (a slow reader loses none; like ones waiting are merged)
 *   report ──► at most one a pace      (a fleet reports all the time, and its lists are long)
 *   membership hint, or 10 s ──► still the same? ── no ──► ends
 */
import { z } from 'zod'
import type { Context } from '../context.ts'
import type { Hint } from '../hints.ts'
import { visibleNetwork } from '../network/visible-network.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { hasAccess } from './has-access.ts'

export const ListenHints = z.object({ network: z.uuid().optional() })

// A membership that is taken in another way than by a verb (SQL by hand) is noticed too.
const ACCESS_CHECK_MS = 10_000

export async function* listenHints(
  ctx: Context,
  input: z.infer<typeof ListenHints>,
  signal?: AbortSignal,
): AsyncGenerator<Hint, void, void> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const isOwn = ownHints(ctx, organizationId, input.network)
  const waiting = new Map<string, Hint>()
  /** Reports that came too soon after the last one that was told. */
  const held = new Map<string, Hint>()
  let pace: NodeJS.Timeout | undefined
  let paceMs = 0
  let isCheckDue = false
  let wake = () => {}
  const rouse = () => wake()
  const filter = { organization: organizationId, network: input.network }
  const keyOf = ({ kind, network, node }: Hint) => [kind, network, node].join()
  for (const hint of ctx.hints.recent(filter)) waiting.set(keyOf(hint), hint)
  const unsubscribe = ctx.hints.subscribe(filter, (hint) => {
    if (hint.kind === 'membership') isCheckDue = true
    const queue = hint.kind === 'report' && pace ? held : waiting
    queue.set(keyOf(hint), hint)
    rouse()
  })
  const holdReports = () => {
    pace = setTimeout(() => {
      pace = undefined
      for (const [key, hint] of held) waiting.set(key, hint)
      held.clear()
      rouse()
    }, paceMs)
  }
  const timer = setInterval(() => {
    isCheckDue = true
    rouse()
  }, ACCESS_CHECK_MS)
  signal?.addEventListener('abort', rouse)
  try {
    // Listening already: what changes while this is looked up is told too.
    if (input.network) await visibleNetwork(ctx, organizationId, input.network)
    paceMs = await reportPace(ctx, organizationId, input.network)
    while (!signal?.aborted) {
      if (isCheckDue) {
        isCheckDue = false
        if (!(await hasAccess(ctx)))
          throw new Refusal('FORBIDDEN', 'Your membership or your role has changed.', { fix: 'Sign in again.' })
      }
      const [key, hint] = waiting.entries().next().value ?? []
      if (key !== undefined && hint) {
        waiting.delete(key)
        if (!(await isOwn(hint))) continue
        if (hint.kind === 'report' && paceMs > 0) holdReports()
        yield hint
        continue
      }
      if (isCheckDue || signal?.aborted) continue
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  } finally {
    clearInterval(timer)
    clearTimeout(pace)
    unsubscribe()
    signal?.removeEventListener('abort', rouse)
  }
}

/** What a page reads again costs by the node: a second for each 200 of them, 10 s at most. Changes of state are told at once. */
async function reportPace(ctx: Context, organizationId: string, network: string | undefined): Promise<number> {
  const { rows } = await ctx.db.pool.query<{ nodes: number }>(
    `select count(*)::int nodes from nodes n join networks w on w.id = n.network_id
      where w.organization_id = $1 and ($2::uuid is null or w.id = $2)`,
    [organizationId, network ?? null],
  )
  return Math.min(10, Math.floor((rows[0]?.nodes ?? 0) / 200)) * 1000
}

/** A hint that does not name its organization names its network: another tenant's is not even told to exist. */
function ownHints(ctx: Context, organizationId: string, network: string | undefined) {
  const known = new Map<string, boolean>(network === undefined ? [] : [[network, true]])
  return async (hint: Hint): Promise<boolean> => {
    if (hint.organization !== undefined) return hint.organization === organizationId
    if (hint.network === undefined) return hint.kind === 'gap'
    let isKnown = known.get(hint.network)
    if (isKnown === undefined) {
      const { rows } = await ctx.db.pool.query('select 1 from networks where id = $1 and organization_id = $2', [
        hint.network,
        organizationId,
      ])
      isKnown = rows.length > 0
      known.set(hint.network, isKnown)
    }
    return isKnown
  }
}
