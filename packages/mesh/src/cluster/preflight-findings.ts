/**
 * What stands in the way of a machine, before anything is written on it; the same on its terminal, in the ledger, in the console, and
 * any day later in `spanwire doctor`.
 */
import { PREFLIGHT_CODES, type PreflightFinding } from './preflight-codes.ts'
import type { PreflightContext } from './preflight-context.ts'
import type { PreflightFacts } from './preflight-facts.ts'
import { preflightHost } from './preflight-host.ts'
import { preflightKubernetes } from './preflight-kubernetes.ts'
import { preflightNetwork } from './preflight-network.ts'

const ORDER = Object.keys(PREFLIGHT_CODES)

/** What blocks comes first, then by the order of the codes. */
export function preflightFindings(facts: PreflightFacts, context: PreflightContext): PreflightFinding[] {
  const findings = [
    ...preflightHost(facts, context),
    ...preflightNetwork(facts, context),
    ...preflightKubernetes(facts, context),
  ]
  return findings.sort((a, b) => Number(b.blocks) - Number(a.blocks) || ORDER.indexOf(a.code) - ORDER.indexOf(b.code))
}

/** Those that the join stops at; with `--fix` the script puts right what it can, and goes on. */
export const blocking = (findings: readonly PreflightFinding[], fixes: boolean): PreflightFinding[] =>
  findings.filter(({ blocks, fixable }) => blocks && !(fixes && fixable))
