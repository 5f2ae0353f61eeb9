'use client'

import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { KeysOutcome } from './keys-outcome.tsx'
import { KeysProgress } from './keys-progress.tsx'
import type { NodeDetail } from './node-detail.ts'

/** A rotation of its keys: how far it is, or how it ended. */
export function KeysNotice({ node }: { node: NodeDetail }) {
  const { data: keys } = useQuery(
    useTRPC().node.keys.queryOptions(
      { id: node.id },
      {
        enabled: node.state !== 'invited',
        refetchInterval: ({ state }) => (state.data?.rotation?.isRunning ? 2000 : false),
      },
    ),
  )
  if (!keys?.rotation) return null
  return (
    <section aria-label="Rotation of keys">
      {keys.rotation.isRunning ? (
        <KeysProgress node={node} rotation={keys.rotation} />
      ) : (
        <KeysOutcome node={node} rotation={keys.rotation} devices={keys.devices} />
      )}
    </section>
  )
}
