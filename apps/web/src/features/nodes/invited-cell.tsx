'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { useTRPC } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { paths } from '~/ui/paths.ts'
import { say, sayFailure } from '~/ui/say.ts'
import classes from './invited-cell.module.css'
import type { NodeRow } from './node-row.ts'

/** A node whose machine has not called yet: back to its line and its ledger, or an end to it. */
export function InvitedCell({ row }: { row: NodeRow }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const whyNot = useWhyNot('operator')
  const revoke = useMutation(
    trpc.invitation.revoke.mutationOptions({
      onSuccess: () => {
        say(`The invitation of ${row.name} is revoked; its line is worth nothing now.`)
        return cache.invalidateQueries({ queryKey: trpc.node.list.queryKey() })
      },
      onError: (error) => sayFailure(`The invitation of ${row.name} stands`, error),
    }),
  )
  return (
    <span className={classes.cell}>
      <Link href={paths.addNodeOf(row.networkId, row.id)} prefetch={false} aria-label={`Continue to add ${row.name}`}>
        Continue
      </Link>
      <button
        type="button"
        className={classes.revoke}
        aria-label={`Revoke the invitation of ${row.name}`}
        aria-disabled={whyNot !== null || revoke.isPending || undefined}
        title={whyNot ?? undefined}
        onClick={() => whyNot === null && !revoke.isPending && revoke.mutate({ nodeId: row.id })}
      >
        Revoke
      </button>
    </span>
  )
}
