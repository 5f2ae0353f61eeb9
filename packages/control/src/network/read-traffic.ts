import type { Context } from '../context.ts'

/** Five-minute means, which the roll-up makes: an hour of them is a thousandth of the raw samples. */
const STEP_SECONDS = 300
const STEPS = 12

/** For the sparkline of each network: bytes per second both ways, summed over its nodes, oldest first. */
export async function readTraffic(
  ctx: Context,
  organizationId: string,
  only: string | null,
): Promise<Map<string, number[]>> {
  const last = Math.floor(ctx.now().getTime() / 1000 / STEP_SECONDS) * STEP_SECONDS
  const first = last - STEPS * STEP_SECONDS
  const { rows } = await ctx.db.pool.query<{ network: string; at: number; rate: number }>(
    `select n.network_id network, extract(epoch from m.at)::float8 "at",
        sum(coalesce(m.rx, 0) + coalesce(m.tx, 0))::float8 rate
      from samples_5m m join nodes n on n.id = m.node_id join networks w on w.id = n.network_id
      where w.organization_id = $1 and ($2::uuid is null or w.id = $2)
        and m.at >= to_timestamp($3) and m.at < to_timestamp($4)
      group by 1, 2`,
    [organizationId, only, first, last],
  )
  const traffic = new Map<string, number[]>()
  for (const { network, at, rate } of rows) {
    const steps = traffic.get(network) ?? Array.from({ length: STEPS }, () => 0)
    steps[(at - first) / STEP_SECONDS] = rate
    traffic.set(network, steps)
  }
  return traffic
}
