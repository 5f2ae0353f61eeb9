import type { PolicyTrial, Tx } from '../db.ts'
import { Refusal } from '../refusal.ts'

export async function runningTrial(tx: Tx, networkId: string): Promise<PolicyTrial> {
  const trial = await tx.policyTrial.findFirst({ where: { networkId, state: 'running' } })
  if (!trial) throw new Refusal('CONFLICT', 'No version is on trial at this moment.', { reason: 'no-trial' })
  return trial
}
