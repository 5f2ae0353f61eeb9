'use client'

import { useMutation } from '@tanstack/react-query'
import { parseAsString, useQueryState } from 'nuqs'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import type { ClusterPart } from '~/ui/cluster-part.ts'
import type { Draft } from './draft.ts'

/** What the server shows once and this page holds while it is open. */
export type Ticket = { token: string; url: string; pin: string | null; expiresAt: string }

/** An invitation made while this page is open: its fields are known without asking. */
export type Made = { stored: Draft; kept: Partial<Draft>; keptPart: ClusterPart | null }

/**
 * The node record and its token exist as soon as the page opens; the node's id stands in the URL.
 *
 *   opened without ?node   create ── ?node=ID, a token
 *   reloaded with ?node    the record is the same, its token is made anew (the one before ends)
 *   "Add another"          create ── ?node=ID of the next
 */
export function useInvitation(network: string, whyNot: string | null) {
  const trpc = useTRPC()
  const [nodeId, setNodeId] = useQueryState('node', parseAsString)
  const [tickets, setTickets] = useState<Record<string, Ticket>>({})
  const [made, setMade] = useState<Record<string, Made>>({})
  const { mutateAsync: createOne, error: createError } = useMutation(trpc.invitation.create.mutationOptions())
  const reissueOne = useMutation(trpc.invitation.reissue.mutationOptions())
  // React shows effects twice in development, and one opening must make one invitation.
  const opening = useRef(false)

  const create = useCallback(
    async (kept: Partial<Draft>, keptPart: ClusterPart | null, history: 'push' | 'replace') => {
      if (opening.current) return
      opening.current = true
      try {
        const { nodeId: id, name, role, ...ticket } = await createOne({ networkId: network })
        setTickets((before) => ({ ...before, [id]: ticket }))
        const stored: Draft = { name, role, siteId: null, endpoint: '', labels: {}, tags: [] }
        setMade((before) => ({ ...before, [id]: { stored, kept, keptPart } }))
        await setNodeId(id, { history })
      } catch {
        // `createError` says it on the page, with a button to try again
      } finally {
        opening.current = false
      }
    },
    [createOne, network, setNodeId],
  )

  useEffect(() => {
    if (nodeId === null && whyNot === null) void create({}, null, 'replace')
  }, [nodeId, whyNot, create])

  const { mutate: reissueTicket } = reissueOne
  const reissue = useCallback(
    (id: string) =>
      reissueTicket(
        { nodeId: id },
        { onSuccess: (ticket: Ticket) => setTickets((before) => ({ ...before, [id]: ticketOf(ticket) })) },
      ),
    [reissueTicket],
  )

  return {
    nodeId,
    ticket: nodeId === null ? null : (tickets[nodeId] ?? null),
    made: nodeId === null ? null : (made[nodeId] ?? null),
    createError,
    retry: () => void create({}, null, 'replace'),
    another: (kept: Partial<Draft>, keptPart: ClusterPart | null) => void create(kept, keptPart, 'push'),
    reissue,
    reissuing: reissueOne.isPending,
    reissueError: reissueOne.error,
  }
}

function ticketOf({ token, url, pin, expiresAt }: Ticket): Ticket {
  return { token, url, pin, expiresAt }
}
