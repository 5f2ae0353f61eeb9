'use client'

import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { Empty } from '~/ui/empty.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { Page } from '~/ui/page.tsx'
import { paths } from '~/ui/paths.ts'
import { AddNodeSkeleton } from './add-node-skeleton.tsx'
import { keptForAnother } from './draft.ts'
import { Join } from './join.tsx'
import { useInvitation } from './use-invitation.ts'

const LEAD = 'Copy one line, paste it on a Linux machine, and watch it join.'

/** The invitation exists as soon as this opens: the form describes it, the line is it, the ledger is its machine's own words. */
export function AddNode({ network }: { network: string }) {
  const trpc = useTRPC()
  const whyNot = useWhyNot('operator')
  const { data: settings } = useSuspenseQuery(trpc.network.get.queryOptions({ id: network }))
  const invitation = useInvitation(network, whyNot)
  const { nodeId, made } = invitation
  const node = useQuery(trpc.node.get.queryOptions({ id: nodeId ?? '' }, { enabled: nodeId !== null && made === null }))

  if (whyNot !== null && nodeId === null) {
    return (
      <Page title="Add node" lead={LEAD}>
        <Empty
          title="You may look, not add"
          text={whyNot}
          action={<ActionButton href={paths.nodes(network)}>Open nodes</ActionButton>}
        />
      </Page>
    )
  }
  if (nodeId === null && invitation.createError) {
    return (
      <Page title="Add node" lead={LEAD}>
        <ErrorPanel title="No invitation could be made" error={invitation.createError} onRetry={invitation.retry} />
      </Page>
    )
  }
  if (made === null && node.isError && isGone(node.error)) {
    return (
      <Page title="Add node" lead={LEAD}>
        <Empty
          title="This invitation is gone"
          text="It was revoked, or the node that came of it was removed."
          action={<ActionButton href={paths.addNode(network)}>Add node</ActionButton>}
        />
      </Page>
    )
  }
  if (made === null && node.isError) {
    return (
      <Page title="Add node" lead={LEAD}>
        <ErrorPanel title="The invitation could not be read" error={node.error} onRetry={() => void node.refetch()} />
      </Page>
    )
  }
  const stored = made?.stored ?? (node.data && { ...node.data, endpoint: node.data.endpoint ?? '' })
  if (nodeId === null || !stored) return <AddNodeSkeleton lead={LEAD} />
  return (
    <Join
      key={nodeId}
      lead={LEAD}
      network={network}
      nodeId={nodeId}
      stored={{
        name: stored.name,
        role: stored.role,
        siteId: stored.siteId,
        endpoint: stored.endpoint,
        labels: stored.labels,
        tags: stored.tags,
      }}
      kept={made?.kept ?? {}}
      keptPart={made?.keptPart ?? null}
      fresh={made !== null}
      listenPort={settings.listenPort}
      isFirst={stored.role === 'gateway' && settings.counts.gateways === 0}
      hasGateway={settings.counts.gateways > 0}
      whyNot={whyNot}
      ticket={invitation.ticket}
      onNewLine={() => invitation.reissue(nodeId)}
      renewing={invitation.reissuing}
      renewError={invitation.reissueError}
      onAnother={(draft, part) => invitation.another(keptForAnother(draft), part.role === null ? null : part)}
    />
  )
}

function isGone(error: unknown): boolean {
  const code = (error as { data?: { code?: string } }).data?.code
  return code === 'NOT_FOUND' || code === 'BAD_REQUEST'
}
