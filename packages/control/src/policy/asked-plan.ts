import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { type NetworkPolicy, planOfText, readNetworkPolicy } from './read-network-policy.ts'

/** What a question is answered from: the version that holds, or a text that nobody has saved. `number` is null for a text. */
export async function askedPlan(
  ctx: Context,
  organizationId: string,
  { networkId, text }: { readonly networkId: string; readonly text?: string | undefined },
): Promise<Pick<NetworkPolicy, 'plan' | 'number'>> {
  const holds = await readNetworkPolicy(ctx, organizationId, networkId)
  if (text === undefined) return holds
  const { plan, findings } = planOfText(ctx, holds, text)
  const error = findings.find(({ severity }) => severity === 'error')
  if (!plan) {
    const message = `The text has an error in line ${error?.line}: ${error?.message}`
    throw new Refusal('BAD_REQUEST', message, { field: 'text', fix: error?.fix ?? 'Mend it first.' })
  }
  return { plan, number: null }
}
