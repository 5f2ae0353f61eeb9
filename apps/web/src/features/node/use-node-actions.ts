'use client'

import { type NodeAction, whyNodeCannot } from '@spanwire/mesh/enrolment/node-actions'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { say, sayFailure } from '~/ui/say.ts'
import type { NodeDetail } from './node-detail.ts'

/** What may be done to this node by this person, and the doing of what needs no dialog. */
export function useNodeActions(node: NodeDetail) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const role = useWhyNot('operator')
  const options = (did: string, failed: string) => ({
    onSuccess: () => {
      say(did)
      return cache.invalidateQueries({ queryKey: trpc.node.pathKey() })
    },
    onError: (error: unknown) => sayFailure(failed, error),
  })
  return {
    why: (action: NodeAction): string | null => whyNodeCannot(action, node.state) ?? role,
    whyNotDrain:
      role ?? (node.state === 'active' || node.state === 'enrolled' ? null : 'It carries nobody: it is not at work.'),
    undrain: useMutation(
      trpc.node.undrain.mutationOptions(options(`${node.name} may carry again.`, `${node.name} stays drained`)),
    ),
    resume: useMutation(
      trpc.node.resume.mutationOptions(options(`${node.name} takes part again.`, `${node.name} stays paused`)),
    ),
    release: useMutation(
      trpc.node.release.mutationOptions(
        options(`${node.name} is let back in; this machine keeps the name.`, `${node.name} stays quarantined`),
      ),
    ),
  }
}
