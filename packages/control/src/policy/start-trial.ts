/** How a version begins: as a new row, on trial at those who are well, or holding at once where nobody can try it. */
import { randomUUID } from 'node:crypto'
import { diffLines, shortDiff } from '@spanwire/mesh/policy/diff-lines'
import { type WatchedNode, WELL_WITHIN_MS } from '@spanwire/mesh/policy/judge-trial'
import { z } from 'zod'
import { actorName } from '../actor-name.ts'
import { bumpRevision } from '../bump-revision.ts'
import type { Context } from '../context.ts'
import type { Json, Network, Tx } from '../db.ts'
import { Refusal } from '../refusal.ts'
import { toLineRows } from './to-rows.ts'

/** The version that somebody saw, null for none: when another one holds by now, nothing is saved. */
export const BasedOn = z.int().min(1).nullable().optional()

export type Wanted = {
  readonly text: string
  readonly comment: string | null
  readonly restoredFrom: number | null
  /** Null: it is confirmed by itself once all are well. */
  readonly confirmSeconds: number | null
  readonly watched: readonly WatchedNode[]
}

export async function refuseRunningTrial(tx: Tx, networkId: string): Promise<void> {
  const running = await tx.policyTrial.findFirst({ where: { networkId, state: 'running' } })
  if (!running) return
  throw new Refusal('CONFLICT', `Version ${running.number} of ${running.startedBy} is on trial at this moment.`, {
    reason: 'trial-running',
    fix: 'Wait until it has ended, or confirm or return it first.',
  })
}

/** The version that holds when somebody asks for another one, or the one that he says he saw. */
export async function seenVersion(
  ctx: Context,
  organizationId: string,
  { networkId, basedOn }: { readonly networkId: string; readonly basedOn?: number | null | undefined },
): Promise<number | null> {
  if (basedOn !== undefined) return basedOn
  const network = await ctx.db.prisma.network.findFirst({ where: { id: networkId, organizationId } })
  return network?.policyNumber ?? null
}

export function refuseStale(network: Network, seen: number | null): void {
  if (network.policyNumber === seen) return
  throw new Refusal('CONFLICT', `Version ${network.policyNumber} was confirmed meanwhile.`, {
    reason: 'policy-changed',
    fix: 'Look at what changed, and save again.',
  })
}

/** Call it with the network locked. Answers the number, and what the log is to say of it. */
export async function startTrial(
  tx: Tx,
  ctx: Context,
  network: Network,
  wanted: Wanted,
): Promise<{ readonly number: number; readonly after: Json }> {
  const { id: networkId, policyNumber } = network
  const where = { networkId_number: { networkId, number: policyNumber ?? 0 } }
  const before = await tx.policyVersion.findUnique({ where })
  const last = await tx.policyVersion.aggregate({ where: { networkId }, _max: { number: true } })
  const number = (last._max.number ?? 0) + 1
  const { text, comment, restoredFrom, watched, confirmSeconds } = wanted
  await bumpRevision(tx, networkId)
  const now = ctx.now()
  await tx.policyVersion.create({
    data: { networkId, number, text, comment, restoredFrom, createdBy: actorName(ctx), createdAt: now },
  })
  const needsConfirm = confirmSeconds !== null
  const isAlone = watched.length === 0 && !needsConfirm
  const trial = {
    id: randomUUID(),
    number,
    startedBy: actorName(ctx),
    startedAt: now,
    deadlineAt: new Date(now.getTime() + (confirmSeconds === null ? WELL_WITHIN_MS : confirmSeconds * 1000)),
    needsConfirm,
    watched: watched.map((node) => ({ ...node })),
    ...(isAlone
      ? { state: 'confirmed', endedAt: now, reason: NOBODY, nodes: [] }
      : { state: 'running', endedAt: null, reason: null, nodes: undefined }),
  }
  await tx.policyTrial.deleteMany({ where: { networkId } })
  await tx.policyTrial.create({ data: { networkId, ...trial } })
  if (isAlone) await tx.network.update({ where: { id: networkId }, data: { policyNumber: number } })
  const diff = toLineRows(shortDiff(diffLines(before?.text ?? '', text))).slice(0, MOST_LINES)
  return {
    number,
    after: { number, comment, restoredFrom, diff, machines: watched.length, ...(isAlone && { confirmed: NOBODY }) },
  }
}

const NOBODY =
  'No machine was well at that moment, so nobody tried it: it holds, and machines take it as they come back.'

/** What the log keeps of a change; versions are kept whole and can be compared. */
const MOST_LINES = 400
