'use client'

import { beginSentence } from '@spanwire/mesh/names/begin-sentence'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { Notice } from '~/ui/notice.tsx'
import { say, sayFailure } from '~/ui/say.ts'
import classes from './cluster-failure.module.css'
import type { Failure } from './cluster-row.ts'
import type { NodeDetail } from './node-detail.ts'

/** What k3s stopped at, what to do, and the doing where it can be done from here. */
export function ClusterFailure({ node, failure }: { node: NodeDetail; failure: Failure }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const whyNot = useWhyNot('operator')
  const forget = useMutation(
    trpc.cluster.forgetPassword.mutationOptions({
      onSuccess: ({ on }) => {
        say(`${on} is asked to forget the password of ${node.name}; k3s there then tries again by itself.`)
        return cache.invalidateQueries({ queryKey: trpc.cluster.pathKey() })
      },
      onError: (error) => sayFailure('The password stays', error),
    }),
  )
  return (
    <div className={classes.failure}>
      <Notice status="bad">
        <p>{beginSentence(failure.text)}</p>
        <p className={classes.fix}>
          <b>Do this:</b> {failure.fix}
        </p>
        {failure.offers === 'forget-password' && whyNot === null && (
          <ActionButton
            variant="default"
            mt="xs"
            loading={forget.isPending}
            onClick={() => forget.mutate({ nodeId: node.id })}
          >
            Forget its old password
          </ActionButton>
        )}
      </Notice>
    </div>
  )
}
