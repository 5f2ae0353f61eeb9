import { humanAge } from '@spanwire/mesh/health/human-age'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { requireRole } from '../require-role.ts'
import { findKubeconfigRequest } from './kubeconfig-request.ts'

export const KubeconfigState = z.object({ id: z.uuid() })
export const KubeconfigStateOutput = z.object({
  state: z.enum(['asked', 'done', 'failed', 'expired']),
  sentence: z.string(),
})

export async function kubeconfigState(
  ctx: Context,
  input: z.infer<typeof KubeconfigState>,
): Promise<z.infer<typeof KubeconfigStateOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const request = await findKubeconfigRequest(ctx, organizationId, input.id)
  const { name } = request.node
  const now = ctx.now().getTime()
  switch (request.state) {
    case 'asked':
      if (request.expiresAt.getTime() < now) return { state: 'expired', sentence: `${name} did not answer in time.` }
      return {
        state: 'asked',
        sentence: `Waiting for ${name} to sign it, asked ${humanAge(now - request.createdAt.getTime())} ago.`,
      }
    case 'done':
      return request.secret === null
        ? { state: 'expired', sentence: 'It was fetched already; ask for another.' }
        : { state: 'done', sentence: `Signed by ${name}.` }
    case 'failed':
      return {
        state: 'failed',
        sentence: `${name} could not sign it: ${request.evidence ?? request.code ?? 'no reason was given'}`,
      }
    case 'expired':
      return { state: 'expired', sentence: `${name} did not answer in time.` }
  }
}
