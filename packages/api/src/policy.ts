import { AccessCells, AccessCellsOutput, accessCells } from '@spanwire/control/policy/access-cells'
import { AccessMatrix, AccessMatrixOutput, accessMatrix } from '@spanwire/control/policy/access-matrix'
import { CheckPolicy, CheckPolicyOutput, checkPolicy } from '@spanwire/control/policy/check-policy'
import { ComparePolicies, ComparePoliciesOutput, comparePolicies } from '@spanwire/control/policy/compare-policies'
import { ConfirmPolicy, ConfirmPolicyOutput, confirmPolicy } from '@spanwire/control/policy/confirm-policy'
import { ExplainAccess, ExplainAccessOutput, explainAccess } from '@spanwire/control/policy/explain-access'
import { GetPolicy, GetPolicyOutput, getPolicy } from '@spanwire/control/policy/get-policy'
import {
  ListPolicyVersions,
  ListPolicyVersionsOutput,
  listPolicyVersions,
} from '@spanwire/control/policy/list-policy-versions'
import { PolicyActivity, PolicyActivityOutput, policyActivity } from '@spanwire/control/policy/policy-activity'
import { RestorePolicy, RestorePolicyOutput, restorePolicy } from '@spanwire/control/policy/restore-policy'
import { ReturnPolicy, ReturnPolicyOutput, returnPolicy } from '@spanwire/control/policy/return-policy'
import { SavePolicy, SavePolicyOutput, savePolicy } from '@spanwire/control/policy/save-policy'
import { procedure, rest, router } from './procedure.ts'

const tag = { tag: 'policy' }

export const policy = router({
  get: procedure('viewer')
    .meta(rest('GET', '/networks/{networkId}/policy', 'What holds, what is on trial, and what to know of it', tag))
    .input(GetPolicy)
    .output(GetPolicyOutput)
    .query(({ ctx, input }) => getPolicy(ctx.control, input)),
  // Changes nothing; a text is too long for an address.
  check: procedure('viewer')
    .meta(
      rest('POST', '/networks/{networkId}/policy/check', 'What would be said, gained and lost if it were saved', tag),
    )
    .input(CheckPolicy)
    .output(CheckPolicyOutput)
    .mutation(({ ctx, input }) => checkPolicy(ctx.control, input)),
  save: procedure('admin')
    .meta(rest('POST', '/networks/{networkId}/policy', 'Put a text on trial: it holds once all machines are well', tag))
    .input(SavePolicy)
    .output(SavePolicyOutput)
    .mutation(({ ctx, input }) => savePolicy(ctx.control, input)),
  confirm: procedure('admin')
    .meta(rest('POST', '/networks/{networkId}/policy/confirm', 'Say that what is on trial is right', tag))
    .input(ConfirmPolicy)
    .output(ConfirmPolicyOutput)
    .mutation(({ ctx, input }) => confirmPolicy(ctx.control, input)),
  return: procedure('admin')
    .meta(rest('POST', '/networks/{networkId}/policy/return', 'Take back what is on trial', tag))
    .input(ReturnPolicy)
    .output(ReturnPolicyOutput)
    .mutation(({ ctx, input }) => returnPolicy(ctx.control, input)),
  versions: procedure('viewer')
    .meta(rest('GET', '/networks/{networkId}/policy/versions', 'All texts that were saved, the newest first', tag))
    .input(ListPolicyVersions)
    .output(ListPolicyVersionsOutput)
    .query(({ ctx, input }) => listPolicyVersions(ctx.control, input)),
  compare: procedure('viewer')
    .meta(rest('GET', '/networks/{networkId}/policy/compare', 'Two versions; from 0: without a policy', tag))
    .input(ComparePolicies)
    .output(ComparePoliciesOutput)
    .query(({ ctx, input }) => comparePolicies(ctx.control, input)),
  restore: procedure('admin')
    .meta(rest('POST', '/networks/{networkId}/policy/restore', 'Put an older text on trial, as a new version', tag))
    .input(RestorePolicy)
    .output(RestorePolicyOutput)
    .mutation(({ ctx, input }) => restorePolicy(ctx.control, input)),
  explain: procedure('viewer')
    .meta(
      rest('POST', '/networks/{networkId}/policy/explain', 'Whether one reaches another, and which rule says so', tag),
    )
    .input(ExplainAccess)
    .output(ExplainAccessOutput)
    .mutation(({ ctx, input }) => explainAccess(ctx.control, input)),
  // With a text it is too long for an address.
  matrix: procedure('viewer')
    .meta(rest('POST', '/networks/{networkId}/policy/matrix', 'Who reaches what, by groups', tag))
    .input(AccessMatrix)
    .output(AccessMatrixOutput)
    .query(({ ctx, input }) => accessMatrix(ctx.control, input)),
  cells: procedure('viewer')
    .meta(rest('POST', '/networks/{networkId}/policy/matrix/cells', 'A further block of who reaches what', tag))
    .input(AccessCells)
    .output(AccessCellsOutput)
    .query(({ ctx, input }) => accessCells(ctx.control, input)),
  activity: procedure('viewer')
    .meta(rest('GET', '/networks/{networkId}/policy/activity', 'What rules let in, and what none did', tag))
    .input(PolicyActivity)
    .output(PolicyActivityOutput)
    .query(({ ctx, input }) => policyActivity(ctx.control, input)),
})
