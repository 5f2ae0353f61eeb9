import { failureFix } from '@spanwire/mesh/enrolment/failure-fix'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { iso } from '../iso.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { isMissedDirect, judgeNode } from './judge-node.ts'
import type { LinkView } from './link-view.ts'
import { lossOf, mergeLinks, type Tunnel } from './merge-links.ts'
import { NodeDetail } from './node-detail.ts'
import type { NodeRole } from './node-row.ts'
import { readLinks } from './read-links.ts'
import { milliseconds, type NodeRecord, readNodes } from './read-nodes.ts'
import { toNodeRow } from './to-node-row.ts'
import { toProblem } from './to-problem.ts'

export const GetNode = z.object({ id: z.uuid() })
export const GetNodeOutput = NodeDetail

export async function getNode(ctx: Context, input: z.infer<typeof GetNode>): Promise<NodeDetail> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const [[node], links] = await Promise.all([
    readNodes(ctx, organizationId, { node: input.id }),
    readLinks(ctx, organizationId, { node: input.id }),
  ])
  if (!node) throw new Refusal('NOT_FOUND', 'There is no such node.')
  const [more, peers, invitation] = await Promise.all([
    readMore(ctx, node.id),
    readPeers(ctx, node.networkId, [...new Set(links.map((link) => peerOf(link, node.id)))]),
    readInvitation(ctx, node.id),
  ])
  const now = ctx.now().getTime()
  const tunnels = mergeLinks(links, (id) => (id === node.id ? node.name : (peers.get(id)?.name ?? id)), now)
  const judged = judgeNode(node, tunnels, now)
  return {
    ...toNodeRow(node, judged),
    publicKey: more.publicKey,
    keysRotatedAt: iso(more.keysRotatedAt),
    factsRaw: more.facts,
    notes: node.notes.map((note) => ({ ...note, fix: failureFix(note.code) })),
    problems: judged.problems.map(toProblem),
    clockSkewMs: node.clockSkewMs,
    uptimeSeconds: node.uptimeSeconds,
    peers: tunnels.flatMap((tunnel) => linkView(tunnel, node, peers)).sort(byName),
    quarantineReason: node.quarantineReason,
    invitation: invitation && { ...invitation, expiresAt: iso(invitation.expiresAt) },
  }
}

type Peer = { id: string; name: string; role: z.infer<typeof NodeRole> }

/** This end's own counters; where only the other end has reported, its counters, turned round. */
function linkView(tunnel: Tunnel, node: NodeRecord, peers: ReadonlyMap<string, Peer>): LinkView[] {
  const isA = tunnel.a === node.id
  const own = isA ? tunnel.aSees : tunnel.bSees
  const other = isA ? tunnel.bSees : tunnel.aSees
  const peer = peers.get(isA ? tunnel.b : tunnel.a)
  const view = own ?? other
  if (!peer || !view) return []
  const { judged } = tunnel
  const isCarrying = judged.status === 'up' || judged.status === 'one-way'
  return [
    {
      peerId: peer.id,
      peerName: peer.name,
      peerRole: peer.role,
      interfaceName: view.interfaceName,
      status: judged.status,
      isMissedDirect: isMissedDirect(node, tunnel),
      text: judged.reason,
      evidenceAt: iso(judged.evidenceAt),
      rttMs: judged.rttMs,
      handshakeAt: iso(judged.handshakeAt),
      endpoint: own?.endpoint ?? null,
      rxBytes: own ? own.rxBytes : view.txBytes,
      txBytes: own ? own.txBytes : view.rxBytes,
      rxRate: isCarrying ? (own ? own.rxRate : view.txRate) : null,
      txRate: isCarrying ? (own ? own.txRate : view.rxRate) : null,
      loss: lossOf(view),
    },
  ]
}

async function readMore(
  ctx: Context,
  id: string,
): Promise<{ publicKey: string | null; keysRotatedAt: number | null; facts: Record<string, string> }> {
  const { rows } = await ctx.db.pool.query<{
    publicKey: string | null
    keysRotatedAt: number | null
    facts: Record<string, unknown> | null
  }>(
    `select n.public_key "publicKey", ${milliseconds('keys_rotated_at')} "keysRotatedAt", t.facts from nodes n left join node_status t on t.node_id = n.id where n.id = $1`,
    [id],
  )
  const facts = Object.entries(rows[0]?.facts ?? {})
  return {
    publicKey: rows[0]?.publicKey ?? null,
    keysRotatedAt: rows[0]?.keysRotatedAt ?? null,
    facts: Object.fromEntries(
      facts.map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
    ),
  }
}

async function readPeers(ctx: Context, networkId: string, ids: string[]): Promise<Map<string, Peer>> {
  if (ids.length === 0) return new Map()
  const { rows } = await ctx.db.pool.query<Peer>(
    'select id, name, role from nodes where network_id = $1 and id = any($2::uuid[])',
    [networkId, ids],
  )
  return new Map(rows.map((peer) => [peer.id, peer]))
}

/** The newest one that still lets a machine in. */
async function readInvitation(ctx: Context, nodeId: string) {
  const { rows } = await ctx.db.pool.query<{ id: string; expiresAt: number; uses: number }>(
    `select id, ${milliseconds('expires_at')} "expiresAt", uses from join_tokens
      where node_id = $1 and kind = 'invitation' and revoked_at is null and uses < max_uses
      order by created_at desc limit 1`,
    [nodeId],
  )
  return rows[0] ?? null
}

const peerOf = (link: { nodeId: string; peerId: string }, id: string): string =>
  link.nodeId === id ? link.peerId : link.nodeId

const byName = (a: LinkView, b: LinkView): number => (a.peerName < b.peerName ? -1 : a.peerName > b.peerName ? 1 : 0)
