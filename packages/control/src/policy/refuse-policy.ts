import { checkPolicy, type PolicyCheck } from '@spanwire/mesh/policy/check-policy'
import type { Context } from '../context.ts'
import type { Network, Tx } from '../db.ts'
import { Refusal } from '../refusal.ts'
import { readNetworkPolicy } from './read-network-policy.ts'

/** As many as a person reads in one message; the check has them all. */
const MOST = 5

/** Everything that refuses a text, against the network as it is. Call it with the network locked. */
export async function judgePolicy(
  tx: Tx,
  ctx: Context,
  { id, organizationId }: Network,
  input: { readonly text: string; readonly acceptClusterWarnings?: boolean | undefined },
): Promise<void> {
  const { world, plan } = await readNetworkPolicy(ctx, organizationId, id, tx)
  const check = checkPolicy(input.text, world, plan)
  refuseFaults(check)
  if (!input.acceptClusterWarnings) refuseClusterCuts(check)
}

/** What cannot be read, and tests that fail, each with its line. */
function refuseFaults({ errors, tests }: PolicyCheck): void {
  if (errors.length > 0) {
    const lines = errors.map(({ line, column, message }) => `Line ${line}, column ${column}: ${message}`)
    throw new Refusal('BAD_REQUEST', listed(lines), { field: 'text', reason: 'policy-errors', fix: errors[0]?.fix })
  }
  const failed = tests.filter(({ state }) => state === 'failed')
  if (failed.length === 0) return
  const lines = failed.map(({ target, sentence }) => `Line ${target.at.line}: ${sentence}`)
  const said = failed.length === 1 ? 'A test of the policy fails.' : `${failed.length} tests of the policy fail.`
  throw new Refusal('PRECONDITION_FAILED', `${said} ${listed(lines)}`, {
    field: 'text',
    reason: 'policy-tests',
    fix: 'Change the rules or the tests. Nothing was saved.',
  })
}

function refuseClusterCuts({ cluster }: PolicyCheck): void {
  if (cluster.length === 0) return
  throw new Refusal('PRECONDITION_FAILED', listed(cluster.map(({ sentence }) => sentence)), {
    field: 'text',
    reason: 'policy-cluster',
    fix: 'Add the rules that the cluster needs, or say that this is meant so.',
  })
}

export async function refuseUnchanged(tx: Tx, network: Network, text: string): Promise<void> {
  if (network.policyNumber === null) return
  const where = { networkId_number: { networkId: network.id, number: network.policyNumber } }
  const holds = await tx.policyVersion.findUnique({ where })
  if (holds?.text !== text) return
  throw new Refusal('CONFLICT', `This is what holds already, as version ${holds.number}.`, {
    reason: 'policy-unchanged',
  })
}

const listed = (lines: readonly string[]): string =>
  [...lines.slice(0, MOST), ...(lines.length > MOST ? [`And ${lines.length - MOST} more.`] : [])].join(' ')
