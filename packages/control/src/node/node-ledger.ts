import { clusterLedger } from '@spanwire/mesh/cluster/cluster-ledger'
import { CLUSTER_STEP_NAMES, type ClusterStep } from '@spanwire/mesh/cluster/cluster-steps'
import { ledger } from '@spanwire/mesh/enrolment/ledger'
import type { Confirmation, LedgerLine, StepReport } from '@spanwire/mesh/enrolment/ledger-lines'
import { STEP_ORDER, type Step } from '@spanwire/mesh/enrolment/steps'
import { humanAge } from '@spanwire/mesh/health/human-age'
import { z } from 'zod'
import { isHeld, joinActions, readHolds, readMints, waitingFor } from '../cluster/joining.ts'
import { type PreflightFinding, toFindings } from '../cluster/preflight-row.ts'
import { readCluster } from '../cluster/read-cluster.ts'
import type { Context } from '../context.ts'
import { iso } from '../iso.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { addressesOf } from './addresses-of.ts'
import { Ledger } from './ledger.ts'
import { mergeLinks } from './merge-links.ts'
import { readLinks } from './read-links.ts'
import { milliseconds, type NodeRecord, readNodes } from './read-nodes.ts'

export const NodeLedger = z.object({ id: z.uuid() })
export const NodeLedgerOutput = Ledger

/** What the machine said, what the other end saw, and the numbers measured between them. */
export async function nodeLedger(ctx: Context, input: z.infer<typeof NodeLedger>): Promise<Ledger> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const [node] = await readNodes(ctx, organizationId, { node: input.id })
  if (!node) throw new Refusal('NOT_FOUND', 'There is no such node.')
  const [steps, isFirst, token, links] = await Promise.all([
    readSteps(ctx, node.id),
    isFirstGateway(ctx, node),
    readToken(ctx, node.id),
    readLinks(ctx, organizationId, { node: node.id }),
  ])
  const now = ctx.now().getTime()
  const { address4 } = addressesOf(node)
  const ofNetwork = ledger(...said(steps, STEP_ORDER), isFirst ? 'first-gateway' : node.role, now)
  const cluster = await ofCluster(ctx, organizationId, node, steps, ofNetwork, now)
  const lines = [...ofNetwork, ...cluster.lines]
  const done = lines.every((line) => line.state === 'green' || line.state === 'not-yet')
  const [tunnel] = mergeLinks(links, (id) => (id === node.id ? node.name : id), now)
    .map((merged) => merged.judged)
    .filter((judged) => judged.status === 'up')
  return {
    node: { id: node.id, name: node.name, role: node.role, state: node.state, address4 },
    steps: lines.map((line) => ({
      ...line,
      at: iso(line.at),
      code: codeOf(line, steps, cluster),
    })),
    findings: cluster.findings,
    done,
    summary: done ? measured(node, address4, tunnel ?? null, now) : null,
    tokenExpiresAt: iso(token?.expiresAt ?? null),
    tokenUsed: token !== null && token.uses >= token.maxUses,
  }
}

function codeOf(line: LedgerLine<Step | ClusterStep>, steps: readonly StepRecord[], cluster: OfCluster): string | null {
  if (line.state !== 'failed') return null
  if (cluster.findings.length > 0 && line.step === cluster.lines[0]?.step) return cluster.findings[0]?.code ?? null
  return steps.find((step) => step.step === line.step)?.code ?? null
}

/** `findings`: those that hold it, the first of them in the first line. */
type OfCluster = { readonly lines: LedgerLine<ClusterStep>[]; readonly findings: PreflightFinding[] }

/** From the tunnel to the pod that answered, of who has a part in the cluster. */
async function ofCluster(
  ctx: Context,
  organizationId: string,
  node: NodeRecord,
  steps: readonly StepRecord[],
  before: readonly LedgerLine[],
  now: number,
): Promise<OfCluster> {
  const found = node.clusterRole === null ? null : await readCluster(ctx, organizationId, node.networkId)
  const member = found?.members.find(({ nodeId }) => nodeId === node.id)
  if (!found || !member) return { lines: [], findings: [] }
  const { cluster, members } = found
  const holds = await readHolds({ db: ctx.db, serverUrl: ctx.server.url }, node.networkId, members)
  const action = joinActions(cluster, members, await readMints(ctx, cluster.id), holds, now).get(node.id)
  const preflight = isHeld(member, action) ? holds.get(node.id) : undefined
  const nameOf = (id: string) => members.find(({ nodeId }) => nodeId === id)?.nodeName ?? id
  const [nodeSays, confirmations] = said(steps, CLUSTER_STEP_NAMES)
  const lines = clusterLedger(
    {
      role: member.first ? 'server-first' : member.role,
      backend: cluster.settings.flannelBackend,
      nodeSays,
      confirmations,
      tunnelAt: endOf(before),
      waiting: waitingFor(action, nameOf),
      held: preflight?.held[0] ?? null,
    },
    now,
  )
  return { lines, findings: preflight ? toFindings(preflight).filter(({ holds: isHolding }) => isHolding) : [] }
}

function endOf(lines: readonly LedgerLine[]): number | null {
  if (!lines.every(({ state }) => state === 'green' || state === 'not-yet')) return null
  return Math.max(...lines.map(({ at }) => at ?? 0))
}

type StepRecord = {
  step: Step | ClusterStep
  said: StepReport['state'] | null
  saidAt: number | null
  code: string | null
  evidence: string | null
  confirmedAt: number | null
  confirmedEvidence: string | null
}

function said<S extends Step | ClusterStep>(
  steps: readonly StepRecord[],
  order: readonly S[],
): [StepReport<S>[], Partial<Record<S, Confirmation>>] {
  const reports: StepReport<S>[] = []
  const confirmations: Partial<Record<S, Confirmation>> = {}
  for (const { said: state, saidAt: at, code, evidence, confirmedAt, confirmedEvidence, ...record } of steps) {
    const step = order.find((name) => name === record.step)
    if (step === undefined) continue
    if (state !== null && at !== null) reports.push({ step, state, at, code, evidence })
    if (confirmedAt !== null) confirmations[step] = { at: confirmedAt, evidence: confirmedEvidence ?? '' }
  }
  return [reports, confirmations]
}

type Measured = { rttMs: number | null; handshakeAt: number | null }

/** Numbers, or nothing: a first gateway has measured none yet. */
function measured(node: NodeRecord, address4: string | null, tunnel: Measured | null, now: number): string {
  const numbers = [
    tunnel?.rttMs != null && `round trip ${tunnel.rttMs.toFixed(1)} ms`,
    tunnel?.handshakeAt != null && `handshake ${humanAge(now - tunnel.handshakeAt)} old`,
    node.reportedAt !== null && `last report ${humanAge(now - node.reportedAt)} ago`,
  ].filter((number) => number !== false)
  return [`${node.name} is ${address4 ?? 'in'}`, ...numbers].join(', ')
}

async function readSteps(ctx: Context, nodeId: string): Promise<StepRecord[]> {
  const { rows } = await ctx.db.pool.query<StepRecord>(
    `select step, said, ${milliseconds('said_at')} "saidAt", code, evidence, ${milliseconds('confirmed_at')} "confirmedAt",
        confirmed_evidence "confirmedEvidence"
      from join_steps where node_id = $1`,
    [nodeId],
  )
  return rows
}

/** Nobody is there to shake hands with it. */
async function isFirstGateway(ctx: Context, node: NodeRecord): Promise<boolean> {
  if (node.role !== 'gateway') return false
  const { rows } = await ctx.db.pool.query(
    `select 1 from nodes
      where network_id = $1 and id <> $2 and role = 'gateway' and state in ('enrolled', 'active') limit 1`,
    [node.networkId, node.id],
  )
  return rows.length === 0
}

async function readToken(ctx: Context, nodeId: string) {
  const { rows } = await ctx.db.pool.query<{ expiresAt: number; uses: number; maxUses: number }>(
    `select ${milliseconds('expires_at')} "expiresAt", uses, max_uses "maxUses" from join_tokens
      where node_id = $1 and kind = 'invitation' and revoked_at is null order by created_at desc limit 1`,
    [nodeId],
  )
  return rows[0] ?? null
}
