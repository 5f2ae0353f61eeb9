import { z } from 'zod'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'

export const PreviewNetworkDelete = z.object({ id: z.uuid() })
export const PreviewNetworkDeleteOutput = z.object({
  /** that have joined, by name */
  nodes: z.array(z.string()),
  cut: z.array(z.string()),
})

export async function previewNetworkDelete(
  ctx: Context,
  input: z.infer<typeof PreviewNetworkDelete>,
): Promise<z.infer<typeof PreviewNetworkDeleteOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const network = await ctx.db.prisma.network.findFirst({
    where: { id: input.id, organizationId },
    include: {
      nodes: { select: { name: true, state: true }, orderBy: { name: 'asc' } },
      sites: { select: { name: true }, orderBy: { name: 'asc' } },
      tokens: { where: { kind: 'join_key', revokedAt: null, expiresAt: { gt: ctx.now() } }, select: { name: true } },
    },
  })
  if (!network) throw new Refusal('NOT_FOUND', 'There is no such network.')
  const nodes = network.nodes.filter(({ state }) => state !== 'invited').map(({ name }) => name)
  const invited = network.nodes.filter(({ state }) => state === 'invited').map(({ name }) => name)
  const list = (what: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`${what} ${names.join(', ')}`]
  return {
    nodes,
    cut: [
      ...nodes.map((name) => `All tunnels of ${name}`),
      ...list('The invitations of', invited),
      ...list(
        'The join keys',
        network.tokens.map(({ name }) => name ?? ''),
      ),
      ...list(
        'The sites',
        network.sites.map(({ name }) => name),
      ),
    ],
  }
}
