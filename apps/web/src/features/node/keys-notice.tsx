'use client'

import { Group } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { Ago } from '~/ui/ago.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { Notice } from '~/ui/notice.tsx'
import type { NodeDetail } from './node-detail.ts'

const STATES = { has: 'has it', missing: 'does not have it yet', away: 'away' } as const

/** How far a rotation of its keys is, and one that did not come to its end. */
export function KeysNotice({ node }: { node: NodeDetail }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const whyNot = useWhyNot('operator')
  const { data } = useQuery(
    trpc.node.keys.queryOptions(
      { id: node.id },
      {
        enabled: node.state !== 'invited',
        refetchInterval: ({ state }) => (state.data?.rotation?.isRunning ? 2000 : false),
      },
    ),
  )
  const renew = { onSettled: () => cache.invalidateQueries({ queryKey: trpc.node.pathKey() }) }
  const goOn = useMutation(trpc.node.goOnRotating.mutationOptions(renew))
  const stop = useMutation(trpc.node.stopRotating.mutationOptions(renew))
  const rotation = data?.rotation
  if (!rotation || rotation.state === 'done' || rotation.state === 'stopped') return null
  if (rotation.state === 'returned') {
    return (
      <Notice status="warn">
        {rotation.text} {rotation.endedAt && <Ago at={rotation.endedAt} />} Nothing was lost by it; look at its tunnels,
        then rotate the keys again.
      </Notice>
    )
  }
  const failure = goOn.error ?? stop.error
  return (
    <Notice status="info">
      Its keys are being rotated. {rotation.text}
      {rotation.state === 'staging' && (
        <ul aria-label="Who has the next key">
          {rotation.peers.map((peer) => (
            <li key={peer.id}>
              {peer.name}: {STATES[peer.state]}
            </li>
          ))}
        </ul>
      )}
      {rotation.canGoOn && (
        <p>Without a peer that is missing, the two lose each other until that peer hears from this server.</p>
      )}
      {failure && (
        <p role="alert">
          {errorWords(failure).text} {errorWords(failure).fix}
        </p>
      )}
      {rotation.canStop && (
        <Group gap="xs" mt="xs">
          <ActionButton
            variant="default"
            loading={stop.isPending}
            why={whyNot}
            onClick={() => stop.mutate({ id: node.id })}
          >
            Keep the old keys
          </ActionButton>
          {rotation.canGoOn && (
            <ActionButton
              variant="default"
              loading={goOn.isPending}
              why={whyNot}
              onClick={() => goOn.mutate({ id: node.id })}
            >
              Go on without them
            </ActionButton>
          )}
        </Group>
      )}
    </Notice>
  )
}
