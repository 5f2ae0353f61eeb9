'use client'

import { Group } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { useTRPC } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { Ago } from '~/ui/ago.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { Notice } from '~/ui/notice.tsx'
import { paths } from '~/ui/paths.ts'
import classes from './keys-progress.module.css'
import type { NodeDetail } from './node-detail.ts'
import type { Rotation } from './rotation.ts'

/** As many as are read at a look: a gateway may wait for thousands. */
const SHOWN = 5

/** What a rotation waits for, and what can be done about that. */
export function KeysProgress({ node, rotation }: { node: NodeDetail; rotation: Rotation }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const whyNot = useWhyNot('operator')
  const renew = { onSettled: () => cache.invalidateQueries({ queryKey: trpc.node.pathKey() }) }
  const goOn = useMutation(trpc.node.goOnRotating.mutationOptions(renew))
  const stop = useMutation(trpc.node.stopRotating.mutationOptions(renew))
  const failure = goOn.error ?? stop.error
  const { peers, state } = rotation
  const missing = state === 'staging' ? peers.filter((peer) => peer.state !== 'has') : []
  return (
    <Notice status="info">
      <p role="status">
        <b className={classes.title}>Its keys are being rotated.</b>{' '}
        {missing.length > 0
          ? `${peers.length - missing.length} of ${peers.length} peers have the next key. The others are waited for:`
          : rotation.text}
      </p>
      {missing.length > 0 && (
        <ul className={classes.missing} aria-label="Who does not have the next key">
          {missing.slice(0, SHOWN).map((peer) => (
            <li key={peer.id}>
              <Link href={paths.node(node.networkId, peer.id)}>{peer.name}</Link>{' '}
              {peer.state === 'away' ? 'is silent' : 'has not confirmed it yet'}
            </li>
          ))}
          {missing.length > SHOWN && <li>and {missing.length - SHOWN} more</li>}
        </ul>
      )}
      {rotation.canGoOn && (
        <p>
          It waits for as long as that takes.{' '}
          {missing.length === 1
            ? 'Going on without it cuts the tunnel between the two until it hears from this server.'
            : 'Going on without them cuts their tunnels to this node until they hear from this server.'}
        </p>
      )}
      {failure && (
        <p role="alert" className={classes.failure}>
          {errorWords(failure).text} {errorWords(failure).fix}
        </p>
      )}
      <p className={classes.quiet}>
        Asked for by {rotation.startedBy} <Ago at={rotation.startedAt} />
        {state === 'switching' ? '' : '; the old keys are in use until all is ready'}.
      </p>
      {rotation.canStop && (
        <Group gap="xs" mt="xs">
          <ActionButton
            size="compact-sm"
            variant="default"
            loading={stop.isPending}
            why={whyNot}
            onClick={() => stop.mutate({ id: node.id })}
          >
            Keep the old keys
          </ActionButton>
          {rotation.canGoOn && (
            <ActionButton
              size="compact-sm"
              variant="default"
              loading={goOn.isPending}
              why={whyNot}
              onClick={() => goOn.mutate({ id: node.id })}
            >
              Go on without {missing.length === 1 ? 'it' : 'them'}
            </ActionButton>
          )}
        </Group>
      )}
    </Notice>
  )
}
