/** What is known of the nodes that try a version, for judging it (mesh/policy/judge-trial.ts). */
import type { NodeTunnels } from '@spanwire/mesh/health/node-tunnels'
import { nodeTunnels } from '@spanwire/mesh/health/node-tunnels'
import { reportingStatus } from '@spanwire/mesh/health/reporting-status'
import type { NodeOnTrial, WatchedNode } from '@spanwire/mesh/policy/judge-trial'
import type { Context } from '../context.ts'
import { mergeLinks, tunnelsByNode } from '../node/merge-links.ts'
import { readLinks } from '../node/read-links.ts'
import { milliseconds, type NodeRecord, readNodes } from '../node/read-nodes.ts'

type Ctx = Pick<Context, 'db' | 'now'>

/** A list of nodes that is older than that tells nothing of now. */
const SEEN_FRESH_MS = 60_000

/** Who is well at this moment: it reports, by a script that can try rules, and its tunnels carry. Only they try a version, and each has to be well again under it. */
export async function findWell(ctx: Ctx, organizationId: string, networkId: string): Promise<WatchedNode[]> {
  const now = ctx.now().getTime()
  const found = await readAll(ctx, organizationId, networkId)
  return found.flatMap(({ node, tunnels }) => {
    if (whyAway(node, tunnels, now) !== null) return []
    const wasReady = node.seen?.ready === 'True' && node.seenAt !== null && Math.abs(now - node.seenAt) <= SEEN_FRESH_MS
    return [{ id: node.id, name: node.name, wasReady }]
  })
}

/** Who would not try a version that began at this moment, and why: it gets the version once that is confirmed. */
export async function findAway(
  ctx: Ctx,
  organizationId: string,
  networkId: string,
): Promise<{ readonly id: string; readonly name: string; readonly why: string }[]> {
  const now = ctx.now().getTime()
  const found = await readAll(ctx, organizationId, networkId)
  return found.flatMap(({ node, tunnels }) => {
    const why = whyAway(node, tunnels, now)
    return why === null ? [] : [{ id: node.id, name: node.name, why }]
  })
}

/** Null for who takes part; else the first thing in its way, as the end of a sentence about it. */
function whyAway(node: NodeRecord, tunnels: NodeTunnels, now: number): string | null {
  const { status, sentence } = reportingStatus(node.reportedAt, now)
  if (status !== 'up') return sentence
  if (!node.knowsPolicy)
    return `its script${node.scriptVersion === null ? '' : ` ${node.scriptVersion}`} is older than this server and cannot try rules until it has replaced itself`
  return isUp(node, tunnels) ? null : tunnels.sentence
}

/** By node; none for who is gone, or not at work any more. */
export async function readTrialFacts(
  ctx: Ctx,
  organizationId: string,
  networkId: string,
  trialId: string,
): Promise<ReadonlyMap<string, NodeOnTrial>> {
  const { rows } = await ctx.db.pool.query<{ id: string; state: 'on' | 'returned'; at: number; why: string | null }>(
    `SELECT r.node_id AS id, r.trial_state AS state, r.trial_why AS why, ${milliseconds('r.trial_at')} AS at
       FROM policy_reports r JOIN nodes n ON n.id = r.node_id WHERE n.network_id = $1 AND r.trial_id = $2`,
    [networkId, trialId],
  )
  const says = new Map(rows.map(({ id, ...said }) => [id, said]))
  const found = await readAll(ctx, organizationId, networkId)
  return new Map(
    found.map(({ node, tunnels }) => [
      node.id,
      {
        says: says.get(node.id) ?? null,
        reportedAt: node.reportedAt,
        tunnels: { isUp: isUp(node, tunnels), evidenceAt: tunnels.evidenceAt, sentence: tunnels.sentence },
        kube:
          node.seenAt === null
            ? null
            : {
                isReady: node.seen?.ready === 'True',
                seenAt: node.seenAt,
                heardSince: node.seen?.heardSince ?? null,
                reason: node.seen?.reason ?? null,
              },
      },
    ]),
  )
}

type Found = { readonly node: NodeRecord; readonly tunnels: NodeTunnels }

async function readAll(ctx: Ctx, organizationId: string, network: string): Promise<Found[]> {
  const now = ctx.now().getTime()
  const [nodes, links] = await Promise.all([
    readNodes(ctx, organizationId, { network }),
    readLinks(ctx, organizationId, { network }),
  ])
  const names = new Map(nodes.map(({ id, name }) => [id, name]))
  const byNode = tunnelsByNode(mergeLinks(links, (id) => names.get(id) ?? id, now))
  return nodes
    .filter(({ state, ordinal }) => (state === 'enrolled' || state === 'active') && ordinal !== null)
    .map((node) => ({
      node,
      tunnels: nodeTunnels(
        (byNode.get(node.id) ?? []).map(({ judged }) => judged),
        now,
      ),
    }))
}

/**
 * A gateway has tunnels to machines that are switched off, or to nobody yet. A member has one to its gateway; where it has a second one, or
 * direct ones, one that is alive is enough.
 */
function isUp({ role }: NodeRecord, { status, counts }: NodeTunnels): boolean {
  if (role === 'gateway') return status === 'up' || status === 'degraded' || status === 'none'
  return status === 'up' || (status === 'degraded' && counts.up > 0)
}
