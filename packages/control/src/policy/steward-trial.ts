/**
 * What becomes of a trial by itself: confirmed, or all return. Looked at every few seconds by every server process and when a node
 * says something new; who decides does so under the lock on the network's row, so it is decided once.
 */

import { audit } from '../audit.ts'
import type { PolicyTrial } from '../db.ts'
import type { MachineDeps } from '../machine/machine-deps.ts'
import { lockNetwork } from '../network/lock-network.ts'
import { inTransaction } from '../transaction.ts'
import { endTrial } from './end-trial.ts'
import { judgeNow } from './trial-row.ts'

export async function stewardTrial(deps: MachineDeps, networkId: string): Promise<void> {
  const trial = await deps.db.prisma.policyTrial.findFirst({
    where: { networkId, state: 'running' },
    include: { network: { select: { organizationId: true } } },
  })
  if (!trial) return
  const { organizationId } = trial.network
  if ((await judgeNow(deps, organizationId, trial)).next === 'wait') return
  await decide(deps, organizationId, trial)
}

async function decide(deps: MachineDeps, organizationId: string, { id, networkId }: PolicyTrial): Promise<void> {
  await inTransaction(deps, async (tx) => {
    const network = await lockNetwork(tx, organizationId, networkId)
    const trial = await tx.policyTrial.findFirst({ where: { id, state: 'running' } })
    if (!trial) return
    const { next, reason, nodes } = await judgeNow(deps, organizationId, trial)
    if (next === 'wait') return
    const as = next === 'confirm' ? 'confirmed' : 'returned'
    if (!(await endTrial(tx, deps, trial, as, { reason, nodes }))) return
    const ctx = { actor: { kind: 'system', name: 'spanwire', organizationId }, address: null, now: deps.now } as const
    await audit(tx, ctx, {
      action: `policy.${next}`,
      network: networkId,
      subject: { kind: 'policy', id: networkId, name: `version ${trial.number}` },
      before: { number: network.policyNumber },
      after: { number: next === 'confirm' ? trial.number : network.policyNumber, tried: trial.number, reason },
    })
  })
}
