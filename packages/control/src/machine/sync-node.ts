/**
 * One request is heartbeat, report and configuration: held open until there is something to say.
 *
 *   report ─ known? ─ forked? ─ ahead of us? ─ on trial? ──> 204
 *                                                 └─ other view or epoch ──> bundle
 *                                                 └─ same ─ hold ─ woken ─┘  └─ time is up ──> 204
 */
import { parseReport, type Report } from '@spanwire/mesh/protocol/parse-report'
import { type Answer, type NodeRequest, nothing, refuse } from './answer.ts'
import { bearer } from './bearer.ts'
import { bootOf } from './detect-fork.ts'
import { holdOff } from './hold-off.ts'
import type { Machine } from './machine.ts'
import type { MachineNode } from './network-rows.ts'
import { isAhead, newEpoch } from './new-epoch.ts'
import { readBody } from './read-body.ts'
import type { Mirrored } from './read-mirrored.ts'
import { sendBundle } from './send-bundle.ts'
import { sha256hex } from './sha256.ts'
import { tellTombstone } from './tell-tombstone.ts'

export type Hold = { readonly holdMs: number; readonly signal?: AbortSignal }

export const MAX_HOLD_MS = 20_000

export async function syncNode(machine: Machine, request: NodeRequest, hold: Hold): Promise<Answer> {
  const credential = bearer(request, 'swn')
  if (credential === null) return refuse('unknown', 'this is no node credential; run the join line again')
  const parsed = parseReport(readBody(request, 'report'))
  if (!parsed.ok) return refuse(parsed.error.kind, parsed.error.message)
  const report = parsed.value
  if (machine.mirror.isAway) return unavailable
  const credentialHash = sha256hex(credential)
  const found = await machine.mirror.find(credentialHash)
  if (!found) return tellTombstone(machine, credentialHash)

  const { network, node } = found
  if (await isKeptOut(machine, network, node, report, request.address)) return keptOut
  const known = isAhead(report.confirmed, network)
    ? await newEpoch(machine, network, report.confirmed, node.name)
    : network
  if (!known) return tellTombstone(machine, credentialHash)
  machine.mirror.heard(node.id, report)
  machine.ingest.add(known, node, report)
  if (report.trial) return nothing
  return answerOrHold(machine, credentialHash, { networkId: network.settings.id, nodeId: node.id }, report, hold)
}

async function answerOrHold(
  machine: Machine,
  credentialHash: string,
  { networkId, nodeId }: { networkId: string; nodeId: string },
  report: Report,
  { holdMs, signal }: Hold,
): Promise<Answer> {
  const { epoch, view } = report.confirmed
  const deadline = performance.now() + Math.min(Math.max(holdMs, 0), MAX_HOLD_MS)
  for (;;) {
    // The plan of the last good read: while the database is away it stays what it is, and nobody is told anything.
    const network = machine.mirror.current(networkId)
    const node = network?.nodes.get(nodeId)
    if (!network || node?.credentialHash !== credentialHash) return tellTombstone(machine, credentialHash)
    if (node.heldOff !== null && bootOf(node.heldOff) === bootOf(report.instance)) return keptOut
    const isSame = machine.mirror.isHeld(network, node, report.confirmed)
    // Still ahead of us: an epoch began a moment ago, and the next one has to wait a little. A lower revision would be refused.
    if (!isSame && !isAhead(report.confirmed, network)) {
      const held = report.deltas && epoch === network.epoch ? view : null
      return sendBundle(machine, network, node, { held })
    }
    const left = deadline - performance.now()
    if (left <= 0) return nothing
    const outcome = await machine.waiting.wait({ nodeId, networkId, epoch, view }, left, signal)
    if (outcome !== 'woken') return nothing
  }
}

async function isKeptOut(
  machine: Machine,
  network: Mirrored,
  node: MachineNode,
  report: Report,
  address: string | null,
): Promise<boolean> {
  const { instance, uptimeSeconds } = report
  if (node.heldOff !== null && bootOf(node.heldOff) === bootOf(instance)) return true
  const other = report.facts?.machine
  if (other !== undefined && node.machine !== null && other !== node.machine) {
    const why = 'a machine with another machine-id or board uses the credential of this node'
    await holdOff(machine, network, node, { instance, why, address })
    return true
  }
  const fork = machine.forks.see(node.id, { instance, uptimeSeconds, atMs: machine.now().getTime() })
  if (!fork) return false
  const why = `two machines take turns with the credential of this node: ${fork.kept} and ${fork.heldOff}`
  await holdOff(machine, network, node, {
    instance: fork.heldOff,
    why,
    address: fork.heldOff === instance ? address : null,
  })
  machine.waiting.wake(node.id)
  return fork.heldOff === instance
}

const keptOut = refuse(
  'quarantined',
  'another machine uses the same credential; see the node in the console to decide which one stays',
)
export const unavailable = refuse(
  'unavailable',
  'the database of the server does not answer; the node keeps what it has',
)
